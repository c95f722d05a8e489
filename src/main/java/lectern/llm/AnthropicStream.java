package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one Messages stream, which ends with {@code message_stop}.
 *
 * <p>Something on the way may have the answer begun again in the same stream. Before the first word
 * that harms nobody, and the second beginning is the one that counts. After it the words would come
 * twice, and they cannot be taken back: then the answer has broken off.
 */
final class AnthropicStream extends JsonStream {
  private int input;
  private int cacheRead;
  private int cacheWrite;
  private int output;
  private int thinking;
  private int lastBlock = -1;
  private boolean worded;
  private @Nullable String id;
  private @Nullable String stopReason;

  AnthropicStream(@Nullable String requestId, Consumer<Event> events) {
    super(requestId, events);
  }

  @Override
  void readChunk(JsonNode event) {
    switch (event.path("type").asText("")) {
      case "message_start" -> begin(event.path("message"));
      case "content_block_start" -> beginBlock(event);
      case "content_block_delta" -> readDelta(event.path("delta"));
      case "message_delta" -> readEnd(event);
      case "message_stop" -> stop();
      default -> {}
    }
  }

  private void begin(JsonNode message) {
    String name = message.path("id").asText("");
    if (worded && !name.equals(id)) {
      fail(Kind.INTERRUPTED);
      return;
    }
    start(message.path("id"), message.path("model"));
    id = name;
    stopReason = null;
    lastBlock = worded ? lastBlock : -1;
    tally(message.path("usage"));
  }

  private void beginBlock(JsonNode event) {
    int index = event.path("index").asInt(0);
    if (worded && index <= lastBlock) {
      fail(Kind.INTERRUPTED);
      return;
    }
    lastBlock = index;
    word(event.path("content_block").path("text"));
    reasoning(event.path("content_block").path("thinking"));
  }

  private void readDelta(JsonNode delta) {
    switch (delta.path("type").asText("")) {
      case "text_delta" -> word(delta.path("text"));
      case "thinking_delta" -> reasoning(delta.path("thinking"));
      default -> {}
    }
  }

  private void word(JsonNode text) {
    worded |= text(text);
  }

  private void readEnd(JsonNode event) {
    JsonNode delta = event.path("delta");
    if (delta.path("stop_reason").isTextual()) {
      stopReason = delta.path("stop_reason").textValue();
    }
    refusal(delta.path("stop_details").path("explanation"));
    tally(event.path("usage"));
  }

  /** Each count holds until it is said again. What was cached is not part of the input here. */
  private void tally(JsonNode usage) {
    if (usage.isObject()) {
      input = latest(usage.path("input_tokens"), input);
      cacheRead = latest(usage.path("cache_read_input_tokens"), cacheRead);
      cacheWrite = latest(usage.path("cache_creation_input_tokens"), cacheWrite);
      output = latest(usage.path("output_tokens"), output);
      thinking = latest(usage.path("output_tokens_details").path("thinking_tokens"), thinking);
      int whole = Math.clamp((long) input + cacheRead + cacheWrite, 0, Integer.MAX_VALUE);
      say(new Usage(whole, cacheRead, cacheWrite, output, thinking, null));
    }
  }

  private static int latest(JsonNode said, int before) {
    return said.isNumber() && said.asLong() >= 0 ? count(said) : before;
  }

  private void stop() {
    if (stopReason == null && !spoken()) {
      fail(Kind.INTERRUPTED);
    } else {
      finish(reason(stopReason));
    }
  }

  private static FinishReason reason(@Nullable String word) {
    return switch (word) {
      case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
      case "refusal" -> FinishReason.CONTENT_FILTER;
      case null, default -> FinishReason.STOP;
    };
  }
}
