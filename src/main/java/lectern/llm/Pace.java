package lectern.llm;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * How often an owner is told what a model said meanwhile. A report is what costs when many answers
 * stream, with the batch to each follower and the write to a socket that it brings about, so with
 * more answers each waits a little longer and carries more: 50 ms with few, 100 ms above a
 * thousand.
 */
final class Pace {
  private static final long FEW = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MANY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int THRESHOLD = 1_000;

  private final IntSupplier growing;

  /**
   * @param growing how many answers grow at the moment
   */
  Pace(IntSupplier growing) {
    this.growing = growing;
  }

  /**
   * Milliseconds to wait before the next report, given when the last one was made (nanoTime, 0
   * never).
   */
  long millisUntil(long toldAt) {
    if (toldAt == 0) {
      return 0;
    }
    long every = growing.getAsInt() > THRESHOLD ? MANY : FEW;
    long left = every - (System.nanoTime() - toldAt);
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }
}
