package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.ModelSpec.Capability;
import lectern.llm.ModelSpec.Effort;
import lectern.llm.ModelSpec.How;
import lectern.llm.Prompt.Role;
import lectern.llm.Question.Dispensable;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's Interactions. As with Responses the conversation is sent whole each time and nothing is
 * to be kept there.
 */
final class GeminiInteractions implements Adapter {

  @Override
  public Question question(Call call) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", call.model().modelName());
    if (!call.prompt().system().isBlank()) {
      body.put("system_instruction", call.prompt().system());
    }
    ArrayNode input = body.putArray("input");
    for (Prompt.Turn turn : call.prompt().spoken()) {
      String type = turn.role() == Role.USER ? "user_input" : "model_output";
      ObjectNode step = input.addObject().put("type", type);
      step.putArray("content").addObject().put("type", "text").put("text", turn.text());
    }
    ObjectNode config = body.putObject("generation_config");
    config.put("max_output_tokens", call.outputTokens());
    if (call.model().capabilities().contains(Capability.REASONING)) {
      config.put("thinking_summaries", "auto");
      Effort effort = call.model().rules().thinking().effort();
      if (call.model().rules().thinking().how() == How.LEVEL && effort != null) {
        config.put("thinking_level", effort.word());
      }
    }
    body.put("store", false);
    body.put("stream", true);
    return new Question(
        call.connection().at("interactions"),
        body,
        new Dispensable("generation_config.thinking_summaries"),
        new Dispensable("generation_config.thinking_level"));
  }

  @Override
  public AnswerStream stream(@Nullable String requestId, Consumer<Event> events) {
    return new GeminiInteractionsStream(requestId, events);
  }
}
