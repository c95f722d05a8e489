package lectern;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Work done over and over, so many times and no more, with so many under way at once, and within
 * two minutes. Everything happens on one event loop.
 */
final class Load {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Work work;
  private final long[] nanos;
  private final Promise<Sample> done = Promise.promise();
  private final long began = System.nanoTime();
  private int started;
  private int ended;

  /** One piece of work; {@code lane} is below the number under way, and works one at a time. */
  interface Work {
    Future<?> once(int lane, int number);
  }

  private Load(int times, Work work) {
    this.work = work;
    this.nanos = new long[times];
  }

  /** Blocks until all is done; throws when one piece fails, for a figure with failures is none. */
  static Sample run(Vertx vertx, int times, int underWay, Work work) {
    Load load = new Load(times, work);
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        _ -> {
          for (int lane = 0; lane < Math.min(underWay, times); lane++) {
            load.next(lane);
          }
        });
    return Parts.await(load.done.future().timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void next(int lane) {
    if (started == nanos.length || done.future().isComplete()) {
      return;
    }
    int number = started++;
    long from = System.nanoTime();
    work.once(lane, number)
        .onSuccess(_ -> finished(lane, System.nanoTime() - from))
        .onFailure(done::tryFail);
  }

  private void finished(int lane, long took) {
    nanos[ended++] = took;
    if (ended == nanos.length) {
      done.tryComplete(new Sample(nanos, System.nanoTime() - began));
    } else {
      next(lane);
    }
  }
}
