package lectern.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Send.Opened;
import org.jspecify.annotations.Nullable;

/**
 * Sends that wait for their turn in a busy conversation, in the order they came. Only the first of
 * a queue watches the answer that grows and asks again when it has ended; when it has its turn, the
 * next one knows which answer to wait for. At other nodes others wait, and then whoever asks first
 * has the turn.
 */
final class TurnQueues {
  /** Sends that may wait in one conversation; another is told at once that it is busy. */
  private static final int MOST = 64;

  private final Vertx vertx;
  private final Watching watching;
  private final Map<UUID, Deque<Waiter>> queues = new HashMap<>();
  private final AtomicInteger waiting;

  /** Makes one who watches an answer for its end alone. */
  interface Watching {
    AnswerWatcher watcher(UUID viewer, UUID answer);
  }

  TurnQueues(Vertx vertx, MeterRegistry metrics, Watching watching) {
    this.vertx = vertx;
    this.watching = watching;
    this.waiting =
        Objects.requireNonNull(metrics.gauge("lectern.sends.waiting", new AtomicInteger()));
  }

  /**
   * Asks until there is a turn, or anything else is said than that the conversation is busy.
   *
   * @param deadline by nanoTime; then it is asked a last time
   */
  Future<Opened> opened(Call call, Supplier<Future<Opened>> ask, long deadline) {
    return ask.get()
        .recover(
            failure -> {
              Busy busy = Busy.in(failure);
              return busy == null || deadline - System.nanoTime() <= 0 || call.response().closed()
                  ? Future.failedFuture(failure)
                  : join(new Waiter(call, ask, deadline, failure), busy);
            });
  }

  private Future<Opened> join(Waiter waiter, Busy busy) {
    Deque<Waiter> queue = queues.computeIfAbsent(waiter.conversation, _ -> new ArrayDeque<>());
    if (queue.size() >= MOST) {
      return Future.failedFuture(waiter.refusal);
    }
    queue.add(waiter);
    waiting.incrementAndGet();
    waiter.begin();
    if (queue.size() == 1) {
      waiter.watch(busy);
    }
    return waiter.opened.future();
  }

  /** Goes, and tells the next one what there is to wait for, as far as that is known. */
  private void leave(Waiter waiter, @Nullable Busy busy) {
    Deque<Waiter> queue = queues.get(waiter.conversation);
    if (queue == null) {
      return;
    }
    boolean first = queue.peekFirst() == waiter;
    if (queue.remove(waiter)) {
      waiting.decrementAndGet();
    }
    if (queue.isEmpty()) {
      queues.remove(waiter.conversation);
    } else if (first) {
      queue.getFirst().proceed(busy);
    }
  }

  /** One send that waits; everything it does is done in the scope of its own request. */
  private final class Waiter {
    private final UUID viewer;
    private final UUID conversation;
    private final HttpServerResponse response;
    private final Supplier<Future<Opened>> ask;
    private final long deadline;
    private final Context own = vertx.getOrCreateContext();
    private final Promise<Opened> opened = Promise.promise();
    private @Nullable AnswerWatcher watcher;
    private @Nullable Busy behind;
    private Throwable refusal;
    private long late;
    private boolean asking;

    Waiter(Call call, Supplier<Future<Opened>> ask, long deadline, Throwable refusal) {
      this.viewer = call.viewerId();
      this.conversation = call.id("conversation_id");
      this.response = call.response();
      this.ask = ask;
      this.deadline = deadline;
      this.refusal = refusal;
    }

    void begin() {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      late = vertx.setTimer(Math.max(0, left) + 1, _ -> askAgain()); // Never before: left is cut.
      response.closeHandler(_ -> gone());
    }

    /** The one before it has gone. */
    void proceed(@Nullable Busy busy) {
      own.runOnContext(
          _ -> {
            if (busy == null) {
              askAgain();
            } else {
              watch(busy);
            }
          });
    }

    void watch(Busy busy) {
      if (opened.future().isComplete()) {
        return;
      }
      behind = busy;
      AnswerWatcher now = watching.watcher(viewer, busy.answer());
      watcher = now;
      now.follow(busy.owner()).onComplete((_, _) -> own.runOnContext(_ -> askAgain()));
    }

    /** Its turn may have come, or it is late, and this is the last time. */
    private void askAgain() {
      if (!asking && !opened.future().isComplete()) {
        asking = true;
        ask.get().onComplete(this::answered);
      }
    }

    private void answered(@Nullable Opened turn, @Nullable Throwable failure) {
      asking = false;
      behind = turn == null ? Busy.in(failure) : Busy.with(turn);
      if (turn != null || failure == null || behind == null) {
        settle(turn, failure);
        return;
      }
      refusal = failure;
      if (deadline - System.nanoTime() <= 0 || response.closed()) {
        settle(null, failure);
      } else {
        watch(behind);
      }
    }

    /** The client has gone; what is asked just now is heard to its end. */
    private void gone() {
      if (!asking) {
        settle(null, refusal);
      }
    }

    private void settle(@Nullable Opened turn, @Nullable Throwable failure) {
      if (opened.future().isComplete()) {
        return;
      }
      vertx.cancelTimer(late);
      if (watcher != null) {
        watcher.close();
      }
      opened.complete(turn, failure);
      leave(this, behind);
    }
  }

  /** The answer that keeps a conversation busy, and who writes it where that is known. */
  private record Busy(UUID answer, @Nullable String owner) {

    static @Nullable Busy in(@Nullable Throwable failure) {
      return failure instanceof Refusal refusal && refusal.code() == Code.E_CONVERSATION_BUSY
          ? new Busy(
              UUID.fromString(String.valueOf(refusal.details().get("assistant_message_id"))), null)
          : null;
    }

    static Busy with(Opened opened) {
      return new Busy(opened.assistantMessageId(), opened.owner());
    }
  }
}
