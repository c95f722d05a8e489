package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.ModelSpec.Effort;
import lectern.llm.Question.Dispensable;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's Responses. The conversation is sent whole each time and OpenAI is told to keep nothing;
 * that is the one parameter that is never left out, whatever the server says to it.
 */
final class OpenAiResponses implements Adapter {
  /** The least that the schema allows. */
  private static final int LEAST_OUTPUT = 16;

  @Override
  public Question question(Call call) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", call.model().modelName());
    if (!call.prompt().system().isBlank()) {
      body.put("instructions", call.prompt().system());
    }
    ArrayNode input = body.putArray("input");
    for (Prompt.Turn turn : call.prompt().turns()) {
      ObjectNode message = input.addObject().put("type", "message");
      message.put("role", turn.role().word()).put("content", turn.text());
    }
    body.put("max_output_tokens", Math.max(LEAST_OUTPUT, call.outputTokens()));
    body.put("store", false);
    body.put("stream", true);
    body.putObject("stream_options").put("include_obfuscation", false);
    if (call.model().capabilities().contains(ModelSpec.Capability.REASONING)) {
      reasoning(call.model().rules().thinking().effort(), body.putObject("reasoning"));
    }
    return new Question(
        call.connection().at("responses"),
        body,
        new Dispensable("reasoning.summary"),
        new Dispensable("reasoning.effort"),
        new Dispensable("reasoning"),
        new Dispensable("stream_options"),
        new Dispensable("max_output_tokens"));
  }

  private static void reasoning(@Nullable Effort effort, ObjectNode reasoning) {
    if (effort != null) {
      reasoning.put("effort", effort.word());
    }
    if (effort != Effort.NONE) {
      reasoning.put("summary", "auto");
    }
  }

  @Override
  public AnswerStream stream(@Nullable String requestId, Consumer<Event> events) {
    return new OpenAiResponsesStream(requestId, events);
  }
}
