package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.ModelSpec.Capability;
import lectern.llm.ModelSpec.Thinking;
import lectern.llm.Prompt.Role;
import lectern.llm.Question.Dispensable;
import org.jspecify.annotations.Nullable;

/** Gemini's {@code streamGenerateContent}, as server-sent events. */
final class Gemini implements Adapter {

  @Override
  public Question question(Call call) {
    ObjectNode body = Json.mapper().createObjectNode();
    if (!call.prompt().system().isBlank()) {
      parts(body.putObject("systemInstruction"), call.prompt().system());
    }
    ArrayNode contents = body.putArray("contents");
    for (Prompt.Turn turn : call.prompt().spoken()) {
      String role = turn.role() == Role.USER ? "user" : "model";
      parts(contents.addObject().put("role", role), turn.text());
    }
    ObjectNode config = body.putObject("generationConfig");
    config.put("maxOutputTokens", call.outputTokens());
    if (call.model().capabilities().contains(Capability.REASONING)) {
      thinking(call.model().rules().thinking(), config.putObject("thinkingConfig"));
    }
    String model = URLEncoder.encode(call.model().modelName(), StandardCharsets.UTF_8);
    return new Question(
        call.connection().at("models/" + model + ":streamGenerateContent?alt=sse"),
        body,
        new Dispensable("generationConfig.thinkingConfig", "thinking", null));
  }

  private static void parts(ObjectNode holder, String text) {
    holder.putArray("parts").addObject().put("text", text);
  }

  private static void thinking(Thinking thinking, ObjectNode config) {
    config.put("includeThoughts", true);
    switch (thinking.how()) {
      case LEVEL -> {
        if (thinking.effort() != null) {
          config.put("thinkingLevel", thinking.effort().word().toUpperCase(Locale.ROOT));
        }
      }
      case BUDGET -> {
        if (thinking.budget() != null) {
          config.put("thinkingBudget", thinking.budget());
        }
      }
      case NONE, EFFORT -> {}
    }
  }

  @Override
  public AnswerStream stream(@Nullable String requestId, Consumer<Event> events) {
    return new GeminiStream(requestId, events);
  }
}
