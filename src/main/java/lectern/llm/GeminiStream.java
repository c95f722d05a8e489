package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one {@code streamGenerateContent} stream. It has no terminator: it is whole
 * when a chunk has named a reason to finish and the bytes end. The reason may be that the rest has
 * to be asked for, with a token that was handed over; then what each request used adds up.
 */
final class GeminiStream extends JsonStream {
  private static final String GOES_ON = "CONTINUATION";

  /** A long answer comes in a handful of parts; who sends more is going in circles. */
  static final int MOST_PARTS = 32;

  private @Nullable String finish;
  private @Nullable String token;
  private Usage before = new Usage(0, 0, 0, 0);
  private Usage latest = before;
  private int parts = 1;

  GeminiStream(@Nullable String requestId, Consumer<Event> events) {
    super(requestId, events);
  }

  @Override
  void readChunk(JsonNode chunk) {
    start(chunk.path("responseId"), chunk.path("modelVersion"));
    if (chunk.path("usageMetadata").isObject()) {
      latest = plus(before, usage(chunk.path("usageMetadata")));
      say(latest);
    }
    JsonNode blocked = chunk.path("promptFeedback").path("blockReason");
    if (blocked.isTextual()) {
      fail(new LlmFailure(Kind.REFUSED, 0, ProviderError.shortWord(blocked.textValue()), null));
      return;
    }
    JsonNode candidate = chunk.path("candidates").path(0);
    candidate.path("content").path("parts").forEach(this::readPart);
    if (candidate.path("finishReason").isTextual()) {
      finish = candidate.path("finishReason").textValue();
      token = name(candidate.path("continuationToken"));
    }
  }

  private void readPart(JsonNode part) {
    if (part.path("thought").asBoolean(false)) {
      reasoning(part.path("text"));
    } else {
      text(part.path("text"));
    }
  }

  private static Usage usage(JsonNode usage) {
    int thoughts = count(usage.path("thoughtsTokenCount"));
    long output = (long) count(usage.path("candidatesTokenCount")) + thoughts;
    return new Usage(
        count(usage.path("promptTokenCount")),
        count(usage.path("cachedContentTokenCount")),
        Math.clamp(output, 0, Integer.MAX_VALUE),
        thoughts);
  }

  static Usage plus(Usage one, Usage other) {
    return new Usage(
        sum(one.input(), other.input()),
        sum(one.cachedInput(), other.cachedInput()),
        sum(one.output(), other.output()),
        sum(one.reasoning(), other.reasoning()));
  }

  static int sum(int one, int other) {
    return Math.clamp((long) one + other, 0, Integer.MAX_VALUE);
  }

  @Override
  public boolean whole() {
    return finish != null;
  }

  @Override
  public boolean goesOn(Question question) {
    if (!GOES_ON.equals(finish) || token == null || parts == MOST_PARTS) {
      return false;
    }
    question.goOn("continuationToken", token);
    parts++;
    before = latest;
    finish = null;
    token = null;
    return true;
  }

  @Override
  public void end() {
    if (finish == null) {
      super.end();
    } else {
      finish(reason(finish));
    }
  }

  /** An answer that should go on and cannot has reached its length. */
  private static FinishReason reason(String word) {
    return switch (word) {
      case "MAX_TOKENS", GOES_ON -> FinishReason.LENGTH;
      case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" ->
          FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }
}
