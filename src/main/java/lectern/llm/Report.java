package lectern.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;

/**
 * What the owner of an answer is told: progress, one batch at a time, each only after the one
 * before was taken, and last of all exactly one end. A report that was not confirmed in time comes
 * once more with the same number; the owner takes each number once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Report.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = Report.Ended.class, name = "ended")
})
public sealed interface Report {

  UUID generation();

  /** From 1, without gaps, the end included. */
  int number();

  /** More of the answer; neighbouring deltas differ in kind. */
  record Progress(UUID generation, int number, List<Delta> deltas) implements Report {
    public Progress {
      deltas = List.copyOf(deltas);
    }
  }

  record Ended(UUID generation, int number, Outcome outcome) implements Report {}
}
