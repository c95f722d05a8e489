package lectern.llm;

import java.time.Duration;

/**
 * How long the parts of one answer may take.
 *
 * @param connect until the connection stands
 * @param first from the call until the first piece of text or reasoning
 * @param idle between two packets once the answer has begun; keep-alives count
 * @param total from the call to the end, retries included
 */
public record Patience(Duration connect, Duration first, Duration idle, Duration total) {

  /** Hosted models think before they speak. Ten minutes is where vendors stop, too. */
  public static final Patience HOSTED = seconds(10, 45, 60, 600);

  /** A local server may have to load the model from disk before its first word. */
  public static final Patience LOCAL = seconds(10, 180, 120, 1200);

  public Patience {
    for (Duration part : new Duration[] {connect, first, idle, total}) {
      if (part.compareTo(Duration.ofMillis(1)) < 0 || part.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException("patience is between a millisecond and an hour");
      }
    }
  }

  /** The same, but no longer than this until the first word and until the end. */
  Patience within(Duration firstWord, Duration end) {
    Duration sooner = shorter(first, shorter(firstWord, end));
    return new Patience(shorter(connect, sooner), sooner, idle, shorter(total, end));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Patience seconds(int connect, int first, int idle, int total) {
    return new Patience(
        Duration.ofSeconds(connect),
        Duration.ofSeconds(first),
        Duration.ofSeconds(idle),
        Duration.ofSeconds(total));
  }
}
