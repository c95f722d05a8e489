package lectern.conversation;

import java.util.List;
import lectern.models.KeyMode;
import org.jspecify.annotations.Nullable;

/**
 * What an answer took, whichever way it ended. Tokens are the provider's own count, null where it
 * did not say.
 *
 * @param modelName the model that really answered, as its provider names it
 * @param modelRequested the model that was asked for, where its name is another
 * @param cachedTokens those of the prompt that came from the provider's cache
 * @param reasoningTokens those of the answer that were reasoning
 * @param costUsdMicros millionths of a dollar, by the prices of the day
 * @param latencyMs from the call to its end
 * @param firstTokenMs from the call to the first piece of the answer
 * @param keyModeUsed platform, byok, or none where no key was needed
 * @param retryAfterSeconds how long the provider asked to be left alone
 * @param attempts every call that was made for it, in order
 */
public record AnswerUsage(
    String provider,
    String modelName,
    @Nullable String modelRequested,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    @Nullable Integer totalTokens,
    @Nullable Integer cachedTokens,
    @Nullable Integer reasoningTokens,
    @Nullable Long costUsdMicros,
    @Nullable Integer latencyMs,
    @Nullable Integer firstTokenMs,
    KeyMode keyModeRequested,
    @Nullable String keyModeUsed,
    @Nullable String providerRequestId,
    String promptVersion,
    @Nullable Integer retryAfterSeconds,
    List<Attempt> attempts) {

  public AnswerUsage {
    attempts = List.copyOf(attempts);
  }

  /**
   * One call for an answer.
   *
   * @param outcome answered, failed or cancelled; {@code errorClass} says why it failed
   */
  public record Attempt(
      String provider,
      String modelName,
      String outcome,
      @Nullable String errorClass,
      @Nullable Integer latencyMs,
      @Nullable Integer firstTokenMs) {}
}
