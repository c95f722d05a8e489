package lectern.library.document;

import java.time.Duration;

/**
 * How far the reading of a document is, and whether it may go on. Whoever reads asks often, in
 * every loop that a hostile file could make long; that is what frees a worker in time.
 */
public final class Progress {
  private final long began = System.nanoTime();
  private final long most;
  private volatile boolean stopped;
  private volatile int percent = -1;

  /**
   * @param most the time that reading may take
   */
  public Progress(Duration most) {
    this.most = most.toNanos();
  }

  /** For texts so short that nobody waits. */
  static Progress unwatched() {
    return new Progress(Duration.ofDays(1));
  }

  /** Throws {@link OutOfTime} when the time is over or nobody wants the document any more. */
  public void check() {
    if (stopped || System.nanoTime() - began > most) {
      throw tooLong();
    }
  }

  /** What a document ends with whose time is over. */
  public OutOfTime tooLong() {
    return new OutOfTime();
  }

  /** The time that is left, in milliseconds; at least one. */
  public long millisLeft() {
    return Math.max(1, (most - (System.nanoTime() - began)) / 1_000_000);
  }

  /** Makes the next check fail. */
  public void stop() {
    stopped = true;
  }

  /** So many of all parts are read. */
  public void reached(long done, long all) {
    check();
    percent = (int) Math.min(100, done * 100 / Math.max(1, all));
  }

  /** 0 to 100; -1 while it is not known. */
  public int percent() {
    return percent;
  }
}
