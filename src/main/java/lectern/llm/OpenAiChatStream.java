package lectern.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one Chat Completions stream. The end is {@code [DONE]} and nothing else: a
 * stream that just stops has been cut, however finished its last sentence looks. One line that is
 * not JSON is passed over, since proxies insert such lines; a second one is not.
 */
final class OpenAiChatStream {
  private static final String DONE = "[DONE]";

  private final Consumer<Event> events;
  private final @Nullable String requestId;
  private boolean started;
  private boolean spoken;
  private boolean refused;
  private boolean garbled;
  private @Nullable String finish;

  /**
   * @param requestId the provider's name for this call as its headers gave it, or null
   */
  OpenAiChatStream(@Nullable String requestId, Consumer<Event> events) {
    this.requestId = requestId;
    this.events = events;
  }

  void read(SseEvent event) {
    String data = event.data().strip();
    if (data.equals(DONE)) {
      done();
    } else if (!data.isEmpty()) {
      readJson(event.name(), data);
    }
  }

  private void readJson(String name, String data) {
    JsonNode chunk = parsed(data);
    if (chunk == null) {
      skip();
    } else if (isError(name, chunk)) {
      failed(ProviderError.in(chunk));
    } else {
      readChunk(chunk);
    }
  }

  private static @Nullable JsonNode parsed(String data) {
    try {
      JsonNode node = Json.mapper().readTree(data);
      return node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private void skip() {
    if (garbled) {
      events.accept(new Event.Failed(LlmFailure.of(Kind.GARBLED)));
    }
    garbled = true;
  }

  private static boolean isError(String name, JsonNode chunk) {
    JsonNode error = chunk.path("error");
    return error.isObject() || !error.asText("").isEmpty() || name.equals("error");
  }

  private void failed(ProviderError error) {
    Kind kind = OpenAiErrors.kind(0, error);
    events.accept(new Event.Failed(new LlmFailure(kind, error.status(), error.word(), null)));
  }

  private void readChunk(JsonNode chunk) {
    start(chunk);
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    reasoning(delta);
    say(delta.path("content"), Delta.Text::new);
    refused |= say(delta.path("refusal"), Delta.Refusal::new);
    if (choice.path("finish_reason").isTextual()) {
      finish = choice.path("finish_reason").textValue();
    }
    if (chunk.path("usage").isObject()) {
      events.accept(usage(chunk.path("usage")));
    }
  }

  private void start(JsonNode chunk) {
    if (!started && !chunk.path("choices").isEmpty()) {
      started = true;
      String id = requestId == null ? textOf(chunk.path("id")) : requestId;
      events.accept(new Event.Started(id, textOf(chunk.path("model"))));
    }
  }

  /** Three names for one thing: DeepSeek's and llama.cpp's, vLLM's and Ollama's, OpenRouter's. */
  private void reasoning(JsonNode delta) {
    boolean told =
        say(delta.path("reasoning_content"), Delta.Reasoning::new)
            || say(delta.path("reasoning"), Delta.Reasoning::new);
    if (!told) {
      delta.path("reasoning_details").forEach(part -> say(part.path("text"), Delta.Reasoning::new));
    }
  }

  private boolean say(JsonNode text, java.util.function.Function<String, Delta> kind) {
    String said = textOf(text);
    if (said == null) {
      return false;
    }
    spoken = true;
    events.accept(kind.apply(said));
    return true;
  }

  private static @Nullable String textOf(JsonNode node) {
    return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
  }

  private static Usage usage(JsonNode usage) {
    return new Usage(
        count(usage.path("prompt_tokens")),
        count(usage.path("prompt_tokens_details").path("cached_tokens")),
        count(usage.path("completion_tokens")),
        count(usage.path("completion_tokens_details").path("reasoning_tokens")));
  }

  private static int count(JsonNode number) {
    return Math.max(0, number.asInt(0));
  }

  private void done() {
    if (finish == null && !spoken) {
      events.accept(new Event.Failed(LlmFailure.of(Kind.INTERRUPTED)));
    } else if ("error".equals(finish)) {
      events.accept(new Event.Failed(LlmFailure.of(Kind.OVERLOADED)));
    } else {
      events.accept(new Event.Finished(reason(finish)));
    }
  }

  /** Words nobody has told us of mean that the model stopped by itself. */
  private FinishReason reason(@Nullable String word) {
    if (refused || "content_filter".equals(word)) {
      return FinishReason.CONTENT_FILTER;
    }
    return "length".equals(word) ? FinishReason.LENGTH : FinishReason.STOP;
  }
}
