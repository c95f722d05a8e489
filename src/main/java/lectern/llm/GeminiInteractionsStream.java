package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one Interactions stream, which ends with {@code interaction.completed}, or
 * with a status that asks for the rest as {@link GeminiStream} does.
 */
final class GeminiInteractionsStream extends JsonStream {
  private @Nullable String token;
  private boolean unfinished;
  private Usage before = new Usage(0, 0, 0, 0);
  private Usage latest = before;
  private int parts = 1;

  GeminiInteractionsStream(@Nullable String requestId, Consumer<Event> events) {
    super(requestId, events);
  }

  @Override
  void readChunk(JsonNode event) {
    JsonNode interaction = event.path("interaction");
    switch (event.path("event_type").asText("")) {
      case "interaction.created" -> start(interaction.path("id"), interaction.path("model"));
      case "step.delta" -> readDelta(event.path("delta"));
      case "interaction.completed" -> complete(interaction);
      default -> {}
    }
  }

  private void readDelta(JsonNode delta) {
    switch (delta.path("type").asText("")) {
      case "text" -> text(delta.path("text"));
      case "thought_summary" -> {
        JsonNode content = delta.path("content");
        reasoning(content.isObject() ? content.path("text") : content);
      }
      default -> {}
    }
  }

  private void complete(JsonNode interaction) {
    if (interaction.path("usage").isObject()) {
      latest = GeminiStream.plus(before, usage(interaction.path("usage")));
      say(latest);
    }
    switch (interaction.path("status").asText("")) {
      case "requires_continuation" -> {
        unfinished = true;
        token = name(interaction.path("continuation_token"));
      }
      case "incomplete" -> finish(FinishReason.LENGTH);
      case "failed" -> fail(ProviderError.in(interaction));
      case "budget_exceeded" -> fail(Kind.OUT_OF_MONEY);
      case "cancelled" -> fail(Kind.INTERRUPTED);
      default -> finish(FinishReason.STOP);
    }
  }

  /** Whether thoughts are part of the output is told by the sum. */
  private static Usage usage(JsonNode usage) {
    int input = count(usage.path("total_input_tokens"));
    int output = count(usage.path("total_output_tokens"));
    int thoughts = count(usage.path("total_thought_tokens"));
    boolean apart = count(usage.path("total_tokens")) >= (long) input + output + thoughts;
    return new Usage(
        input,
        count(usage.path("total_cached_tokens")),
        apart ? GeminiStream.sum(output, thoughts) : output,
        thoughts);
  }

  @Override
  public boolean whole() {
    return unfinished;
  }

  @Override
  public boolean goesOn(Question question) {
    if (token == null || parts == GeminiStream.MOST_PARTS) {
      return false;
    }
    question.goOn("continuation_token", token);
    parts++;
    before = latest;
    unfinished = false;
    token = null;
    return true;
  }

  @Override
  public void end() {
    if (unfinished) {
      finish(FinishReason.LENGTH);
    } else {
      super.end();
    }
  }
}
