package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Locale;
import lectern.bus.Code;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no answer, or not all of one. Nothing of the provider's own wording is kept but a
 * short word such as {@code model_not_found}: error texts quote prompts and keys.
 *
 * @param status the HTTP status that said so, or 0 when the failure was not told by one
 * @param reason the provider's own word for it, at most 64 letters, digits and {@code _ . -}, or
 *     null
 * @param retryAfter how long the provider asks to be left alone, or null
 */
public record LlmFailure(
    Kind kind, int status, @Nullable String reason, @Nullable Duration retryAfter) {

  public static LlmFailure of(Kind kind) {
    return new LlmFailure(kind, 0, null, null);
  }

  public Code code() {
    return kind.code;
  }

  /** One sentence for the reader. */
  public String sentence() {
    return kind.sentence;
  }

  /** The classes of failure, each with its code and what the reader is told. */
  public enum Kind {
    INVALID_KEY(
        Code.E_LLM_INVALID_KEY, "The provider did not accept the key. Check it in the settings."),
    RATE_LIMIT(
        Code.E_LLM_RATE_LIMIT, "The provider is being asked too often. Try again in a moment."),
    OUT_OF_MONEY(
        Code.E_LLM_QUOTA_EXCEEDED,
        "The account at the provider has reached its limit or has no credit left."),
    OVERLOADED(
        Code.E_LLM_PROVIDER_DOWN, "The provider is overloaded or has a fault. Try again shortly."),
    UNREACHABLE(Code.E_LLM_PROVIDER_DOWN, "The provider could not be reached."),
    GARBLED(
        Code.E_LLM_PROVIDER_DOWN,
        "The address of the provider answered, but not the way a model server does."),
    TIMEOUT(Code.E_LLM_TIMEOUT, "The provider took too long to answer."),
    INTERRUPTED(Code.E_LLM_INTERRUPTED, "The answer broke off before its end."),
    CONTEXT_TOO_LARGE(
        Code.E_LLM_CONTEXT_TOO_LARGE,
        "This is more text than the model can read at once. Quote less or start a new conversation."),
    MODEL_NOT_FOUND(
        Code.E_MODEL_NOT_AVAILABLE, "The provider does not offer this model to this key."),
    REFUSED(Code.E_LLM_REFUSED, "The provider declined to answer this."),
    BAD_REQUEST(Code.E_LLM_BAD_REQUEST, "The provider could not make sense of the request.");

    private final Code code;
    private final String sentence;

    Kind(Code code, String sentence) {
      this.code = code;
      this.sentence = sentence;
    }

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
