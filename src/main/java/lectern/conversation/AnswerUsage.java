package lectern.conversation;

import org.jspecify.annotations.Nullable;

/**
 * What an answer took. Tokens are the provider's own count, null where it did not say.
 *
 * @param latencyMs from the call to its end
 * @param firstTokenMs from the call to the first piece of the answer
 * @param keyModeUsed platform, byok, or none where no key was needed
 */
public record AnswerUsage(
    String provider,
    String modelName,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    @Nullable Integer totalTokens,
    @Nullable Integer latencyMs,
    @Nullable Integer firstTokenMs,
    @Nullable String keyModeUsed) {}
