package lectern.llm;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of an answer is told: one report at a time, each only after the one before was
 * taken, and the last one with the end. A report that was not confirmed in time comes once more
 * with the same number; the owner takes each number once.
 *
 * @param number from 1, without gaps
 * @param deltas more of the answer, or nothing; neighbouring deltas differ in kind
 * @param outcome how it ended, with the last report alone; null while it goes on
 */
public record Report(UUID generation, int number, List<Delta> deltas, @Nullable Outcome outcome) {
  public Report {
    deltas = List.copyOf(deltas);
  }
}
