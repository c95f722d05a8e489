package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one Chat Completions stream. The end is {@code [DONE]} and nothing else.
 * Models whose server does not tell their thinking apart begin with it between tags; what stands
 * there is reasoning.
 */
final class OpenAiChatStream extends JsonStream {
  private static final BigDecimal DEAREST = BigDecimal.valueOf(1_000_000);

  private final ThinkTags tags = new ThinkTags();
  private @Nullable String finish;

  OpenAiChatStream(@Nullable String requestId, Consumer<Event> events) {
    super(requestId, events);
  }

  @Override
  void readChunk(JsonNode chunk) {
    JsonNode choices = chunk.path("choices");
    if (!choices.isEmpty()) {
      start(chunk.path("id"), chunk.path("model"));
    }
    JsonNode choice = choices.path(0);
    JsonNode delta = choice.path("delta");
    readReasoning(delta);
    if (delta.path("content").isTextual()) {
      tags.read(delta.path("content").textValue(), this::say);
    }
    refusal(delta.path("refusal"));
    if (choice.path("finish_reason").isTextual()) {
      finish = choice.path("finish_reason").textValue();
    }
    if (chunk.path("usage").isObject()) {
      say(usage(chunk.path("usage")));
    }
  }

  /** Three names for one thing: DeepSeek's and llama.cpp's, vLLM's and Ollama's, OpenRouter's. */
  private void readReasoning(JsonNode delta) {
    boolean told = reasoning(delta.path("reasoning_content")) || reasoning(delta.path("reasoning"));
    if (!told) {
      delta.path("reasoning_details").forEach(this::readDetail);
    }
  }

  private void readDetail(JsonNode detail) {
    if (!reasoning(detail.path("text"))) {
      reasoning(detail.path("summary"));
    }
  }

  private static Usage usage(JsonNode usage) {
    JsonNode input = usage.path("prompt_tokens_details");
    return new Usage(
        count(usage.path("prompt_tokens")),
        count(input.path("cached_tokens")),
        count(input.path("cache_write_tokens")),
        count(usage.path("completion_tokens")),
        count(usage.path("completion_tokens_details").path("reasoning_tokens")),
        micros(usage.path("cost")));
  }

  /** OpenRouter says what it charged, in credits of a dollar each. */
  private static @Nullable Long micros(JsonNode cost) {
    boolean sound =
        cost.isNumber()
            && cost.decimalValue().signum() >= 0
            && cost.decimalValue().compareTo(DEAREST) < 0;
    return sound ? cost.decimalValue().movePointRight(6).longValue() : null;
  }

  @Override
  void done() {
    tags.end(this::say);
    if (finish == null && !spoken()) {
      fail(Kind.INTERRUPTED);
    } else if ("error".equals(finish)) {
      fail(Kind.OVERLOADED);
    } else {
      finish(reason(finish));
    }
  }

  /** Words nobody has told us of mean that the model stopped by itself. */
  private static FinishReason reason(@Nullable String word) {
    return switch (word) {
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      case "length" -> FinishReason.LENGTH;
      case null, default -> FinishReason.STOP;
    };
  }
}
