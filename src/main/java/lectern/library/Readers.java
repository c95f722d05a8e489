package lectern.library;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.library.document.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which documents are read, one a step. Whoever reads asks {@link Progress} and ends
 * in time; should something not ask, it is left behind a moment after its time is over: the
 * document ends all the same. So many may be left behind, and no more documents are begun until one
 * of them ends.
 */
final class Readers {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);

  /** What was left behind and has not ended yet, at most. */
  static final int MOST_LEFT = 4;

  /** How long after its time a step that asks has come to its next question. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final ThreadFactory threads =
      Thread.ofPlatform().daemon().name("lectern-reader-", 0).factory();
  private final AtomicInteger left = new AtomicInteger();
  private final long grace;

  Readers(Vertx vertx, Duration grace) {
    this.vertx = vertx;
    this.grace = grace.toMillis();
  }

  /** Whether another document may be begun. */
  boolean mayBegin() {
    return left.get() < MOST_LEFT;
  }

  /** Does one step of reading; ends soon after the time for it is over, whatever the step does. */
  <T> Future<T> read(Progress progress, Callable<T> step) {
    Promise<T> done = Promise.promise();
    Context context = vertx.getOrCreateContext();
    Thread thread = threads.newThread(() -> run(step, done, context));
    long timer = vertx.setTimer(progress.millisLeft() + grace, _ -> leave(thread, progress, done));
    thread.start();
    return done.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private <T> void run(Callable<T> step, Promise<T> done, Context context) {
    T made;
    try {
      made = step.call();
    } catch (Throwable failure) { // Whatever it is, somebody waits for it.
      context.runOnContext(_ -> ended(done.tryFail(failure)));
      return;
    }
    context.runOnContext(_ -> ended(done.tryComplete(made)));
  }

  /** A step that was left behind counts until its thread is free. */
  private void ended(boolean inTime) {
    if (!inTime) {
      left.decrementAndGet();
    }
  }

  private <T> void leave(Thread thread, Progress progress, Promise<T> done) {
    if (done.tryFail(progress.tooLong())) {
      log.warn("ingestion.reader_left thread={} left={}", thread.getName(), left.incrementAndGet());
      thread.interrupt();
    }
  }
}
