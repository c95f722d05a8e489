package lectern.conversation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lectern.keys.Key;
import lectern.keys.Key.Ticket;
import lectern.keys.TestResult;
import lectern.llm.Attempt;
import lectern.llm.FinishReason;
import lectern.llm.LlmFailure;
import lectern.llm.Outcome;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;

/** What the calls for an answer say about the readers' own keys they were made with. */
final class KeyUses {
  private KeyUses() {}

  /** One for each key of which they say anything; the last call with it counts. */
  static List<Key.Used> of(List<Way> ways, Outcome outcome) {
    Map<Ticket, TestResult> results = new LinkedHashMap<>();
    for (Attempt attempt : outcome.receipt().attempts()) {
      note(results, ways.get(attempt.target()), result(attempt));
    }
    if (outcome.receipt().attempts().isEmpty()) {
      note(results, ways.getFirst(), result(outcome));
    }
    return results.entrySet().stream()
        .map(each -> new Key.Used(each.getKey(), each.getValue()))
        .toList();
  }

  private static void note(Map<Ticket, TestResult> results, Way way, TestResult result) {
    if (way.ticket() != null && result != TestResult.UNPROVEN) {
      results.put(way.ticket(), result);
    }
  }

  private static TestResult result(Attempt attempt) {
    boolean spoke = attempt.firstDelta() != null || attempt.result() == Attempt.Result.ANSWERED;
    return result(attempt.failure(), spoke);
  }

  private static TestResult result(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          result(
              null,
              answered.reason() != FinishReason.CANCELLED
                  || answered.receipt().firstDelta() != null);
      case Outcome.Failed failed -> result(failed.failure(), failed.receipt().firstDelta() != null);
    };
  }

  private static TestResult result(@Nullable LlmFailure failure, boolean spoke) {
    if (failure != null && failure.kind() == LlmFailure.Kind.INVALID_KEY) {
      return TestResult.REJECTED;
    }
    return spoke ? TestResult.WORKS : TestResult.UNPROVEN;
  }
}
