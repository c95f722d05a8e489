package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.ModelSpec.Effort;
import lectern.llm.Question.Dispensable;
import org.jspecify.annotations.Nullable;

/**
 * Chat Completions. OpenAI itself takes {@code max_completion_tokens} and, from reasoning models,
 * the role {@code developer}; everybody else is sure to know {@code max_tokens} and {@code system}.
 * Sampling parameters are never sent: many current models refuse them.
 */
enum OpenAiChat implements Adapter {
  /** As OpenAI understands it. */
  PROPER,
  /** As everybody does. */
  COMPATIBLE;

  @Override
  public Question question(Call call) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", call.model().modelName());
    messages(call, body.putArray("messages"));
    body.put("stream", true);
    ObjectNode options = body.putObject("stream_options").put("include_usage", true);
    if (this == PROPER) {
      options.put("include_obfuscation", false);
      body.put("max_completion_tokens", call.outputTokens());
      Effort effort = call.model().rules().thinking().effort();
      if (effort != null) {
        body.put("reasoning_effort", effort.word());
      }
    } else {
      body.put("max_tokens", call.outputTokens());
    }
    return new Question(
        call.connection().at("chat/completions"),
        body,
        new Dispensable("max_completion_tokens", "max_completion_tokens", "max_tokens"),
        new Dispensable("max_tokens", "max_tokens", "max_completion_tokens"),
        new Dispensable("reasoning_effort"),
        new Dispensable("stream_options"));
  }

  private void messages(Call call, ArrayNode messages) {
    if (!call.prompt().system().isBlank()) {
      messages.addObject().put("role", systemRole(call)).put("content", call.prompt().system());
    }
    for (Prompt.Turn turn : call.prompt().turns()) {
      messages.addObject().put("role", turn.role().word()).put("content", turn.text());
    }
  }

  private String systemRole(Call call) {
    boolean reasons = call.model().capabilities().contains(ModelSpec.Capability.REASONING);
    return this == PROPER && reasons ? "developer" : "system";
  }

  @Override
  public AnswerStream stream(@Nullable String requestId, Consumer<Event> events) {
    return new OpenAiChatStream(requestId, events);
  }
}
