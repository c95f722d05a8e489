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
 * @param mayRetry what the provider itself says of asking again, or null where it says nothing
 */
public record LlmFailure(
    Kind kind,
    int status,
    @Nullable String reason,
    @Nullable Duration retryAfter,
    @Nullable Boolean mayRetry) {

  /** One of which the provider does not say whether asking again may help. */
  public LlmFailure(Kind kind, int status, @Nullable String reason, @Nullable Duration retryAfter) {
    this(kind, status, reason, retryAfter, null);
  }

  public static LlmFailure of(Kind kind) {
    return new LlmFailure(kind, 0, null, null);
  }

  /** The same with another word of the provider's for it. */
  LlmFailure with(@Nullable String other) {
    return new LlmFailure(kind, status, other, retryAfter, mayRetry);
  }

  public Code code() {
    return kind.code;
  }

  /** One sentence for the reader. */
  public String sentence() {
    return kind.sentence;
  }

  /**
   * What may be done about it with the same model and the same key. A provider that says not to ask
   * again is heeded; one that says to ask again is where its words are not plainer: a key, a bill
   * or a model that is not there is not mended by asking.
   */
  public Retry retry() {
    if (Boolean.FALSE.equals(mayRetry)) {
      return Retry.NEVER;
    }
    boolean unclear = kind == Kind.BAD_REQUEST || kind == Kind.GARBLED;
    return Boolean.TRUE.equals(mayRetry) && unclear ? Retry.AFTER_A_WAIT : kind.retry;
  }

  /** What may be done about a class of failure with the same model and the same key. */
  public enum Retry {
    /** Asking again gives the same answer. */
    NEVER,
    /** At once, or after a short random wait; once, twice where there is nobody else to ask. */
    SOON,
    /** After {@link LlmFailure#retryAfter}, or a moment where the provider names no time. */
    AFTER_A_WAIT,
    /** Every few seconds for up to a minute: the model is being loaded. */
    UNTIL_LOADED
  }

  /** Who else may be asked instead. */
  public enum Fallback {
    /** Nobody: another model would be asked the same wrong thing. */
    NOBODY,
    /** Whoever is named next. */
    ANYBODY,
    /** A model that can read more at once. */
    A_LARGER_MODEL
  }

  /** What a class of failure says about the connection or the model it came from. */
  public enum Breaker {
    /** Nothing: it was the question, or the reader. */
    IGNORES,
    /** It is one mark against it. */
    COUNTS,
    /** It is of no use until somebody mends something. */
    OPENS
  }

  /**
   * The classes of failure, each with its code, what the reader is told, and what a router may do
   * about it before the first word of an answer. After the first word nothing may be done.
   */
  public enum Kind {
    INVALID_KEY(
        Code.E_LLM_INVALID_KEY,
        Retry.NEVER,
        Fallback.ANYBODY,
        Breaker.OPENS,
        "The provider did not accept the key. Check it in the settings."),
    RATE_LIMIT(
        Code.E_LLM_RATE_LIMIT,
        Retry.AFTER_A_WAIT,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The provider is being asked too often. Try again in a moment."),
    OUT_OF_MONEY(
        Code.E_LLM_QUOTA_EXCEEDED,
        Retry.NEVER,
        Fallback.ANYBODY,
        Breaker.OPENS,
        "The account at the provider has reached its limit or has no credit left."),
    OVERLOADED(
        Code.E_LLM_PROVIDER_DOWN,
        Retry.SOON,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The provider is overloaded or has a fault. Try again shortly."),
    /** A local server that is reading the model from disk. */
    STARTING(
        Code.E_LLM_PROVIDER_DOWN,
        Retry.UNTIL_LOADED,
        Fallback.ANYBODY,
        Breaker.IGNORES,
        "The model is still being loaded. Try again in a minute."),
    UNREACHABLE(
        Code.E_LLM_PROVIDER_DOWN,
        Retry.SOON,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The provider could not be reached."),
    GARBLED(
        Code.E_LLM_PROVIDER_DOWN,
        Retry.NEVER,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The address of the provider answered, but not the way a model server does."),
    TIMEOUT(
        Code.E_LLM_TIMEOUT,
        Retry.SOON,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The provider took too long to answer."),
    INTERRUPTED(
        Code.E_LLM_INTERRUPTED,
        Retry.SOON,
        Fallback.ANYBODY,
        Breaker.COUNTS,
        "The answer broke off before its end."),
    /** It ended properly without having said anything. */
    EMPTY(
        Code.E_LLM_INTERRUPTED,
        Retry.SOON,
        Fallback.ANYBODY,
        Breaker.IGNORES,
        "The model ended without saying anything. Ask again."),
    /** All the tokens it was given went into its reasoning. */
    NO_ROOM(
        Code.E_LLM_NO_ROOM,
        Retry.NEVER,
        Fallback.NOBODY,
        Breaker.IGNORES,
        "The model used all the room it had for thinking, and none was left for an answer."),
    CONTEXT_TOO_LARGE(
        Code.E_LLM_CONTEXT_TOO_LARGE,
        Retry.NEVER,
        Fallback.A_LARGER_MODEL,
        Breaker.IGNORES,
        "This is more text than the model can read at once. Quote less or start a new conversation."),
    MODEL_NOT_FOUND(
        Code.E_MODEL_NOT_AVAILABLE,
        Retry.NEVER,
        Fallback.ANYBODY,
        Breaker.OPENS,
        "The provider does not offer this model to this key."),
    REFUSED(
        Code.E_LLM_REFUSED,
        Retry.NEVER,
        Fallback.NOBODY,
        Breaker.IGNORES,
        "The provider declined to answer this."),
    BAD_REQUEST(
        Code.E_LLM_BAD_REQUEST,
        Retry.NEVER,
        Fallback.NOBODY,
        Breaker.IGNORES,
        "The provider could not make sense of the request.");

    private final Code code;
    private final Retry retry;
    private final Fallback fallback;
    private final Breaker breaker;
    private final String sentence;

    Kind(Code code, Retry retry, Fallback fallback, Breaker breaker, String sentence) {
      this.code = code;
      this.retry = retry;
      this.fallback = fallback;
      this.breaker = breaker;
      this.sentence = sentence;
    }

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public Retry retry() {
      return retry;
    }

    public Fallback fallback() {
      return fallback;
    }

    public Breaker breaker() {
      return breaker;
    }
  }
}
