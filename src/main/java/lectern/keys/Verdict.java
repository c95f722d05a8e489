package lectern.keys;

import lectern.llm.LlmFailure;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/** What asking for a list of models says about a key, and that in a sentence. */
record Verdict(TestResult result, String sentence) {

  /**
   * Restricted keys of OpenAI may not list models and are told so with 403, although they may well
   * ask them: only a key that is not known at all is a bad one.
   */
  static Verdict of(@Nullable LlmFailure failure) {
    if (failure == null) {
      return new Verdict(TestResult.WORKS, "The provider takes this key.");
    }
    if (failure.kind() != Kind.INVALID_KEY) {
      return new Verdict(TestResult.UNPROVEN, failure.sentence());
    }
    return failure.status() == 403
        ? new Verdict(
            TestResult.UNPROVEN,
            "This key may not list models, which proves nothing: restricted keys often may not,"
                + " and can be used all the same.")
        : new Verdict(TestResult.REJECTED, "The provider does not accept this key.");
  }
}
