package lectern.conversation;

import java.util.concurrent.TimeUnit;

/**
 * How often a follower is sent a batch. Writing to sockets is what costs when many answers stream,
 * so with more streams each batch waits a little longer and carries more: 50 ms with few, 100 ms
 * above a thousand, which keeps five thousand streams of 50 tokens a second within one core.
 */
final class Pace {
  private static final long FEW = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MANY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int THRESHOLD = 1_000;

  private int followers;

  void joined() {
    followers++;
  }

  void left() {
    followers--;
  }

  int followers() {
    return followers;
  }

  /**
   * Milliseconds to wait before the next batch, given when the last one was sent (nanoTime, 0
   * never).
   */
  long millisUntil(long sentAt) {
    if (sentAt == 0) {
      return 0;
    }
    long left = (followers > THRESHOLD ? MANY : FEW) - (System.nanoTime() - sentAt);
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }
}
