package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One call to one model on the way to an answer.
 *
 * @param target which model was asked: 0 the one that was chosen, then those that may stand in for
 *     it, as {@link Generate#targets} or the administrator names them
 * @param failure why there was no answer, or not all of one; null unless it failed
 * @param latency from the call to its end
 * @param firstDelta from the call to the first piece of the answer, or null when there was none
 */
public record Attempt(
    int target,
    String provider,
    String modelName,
    Result result,
    @Nullable LlmFailure failure,
    Duration latency,
    @Nullable Duration firstDelta) {

  /** How a call ended. */
  public enum Result {
    ANSWERED,
    FAILED,
    /** The reader, or this server, hung up. */
    CANCELLED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
