package lectern.llm;

import org.jspecify.annotations.Nullable;

/**
 * What a provider says while it answers, the same for every wire format: at most one {@link
 * Started}, deltas, last of all exactly one {@link Finished} or {@link Failed}.
 */
sealed interface Event permits Event.Started, Delta, Usage, Event.Finished, Event.Failed {

  /**
   * The provider has taken the question; not yet a sign that it will answer.
   *
   * @param requestId the provider's own name for this call, or null
   * @param model the model that really answers, or null
   */
  record Started(@Nullable String requestId, @Nullable String model) implements Event {}

  /** The answer is whole, as far as it will go. */
  record Finished(FinishReason reason) implements Event {}

  /** There will be no more; what was said before stands. */
  record Failed(LlmFailure failure) implements Event {}
}
