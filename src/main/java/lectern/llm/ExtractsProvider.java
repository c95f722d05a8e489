package lectern.llm;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * "Extracts (no AI)": answers out of the given passages and says so, for readers who have no model
 * at hand. It needs no network, no key and no patience, and is streamed like any other: a piece at
 * a time, other work in between.
 */
final class ExtractsProvider implements Provider {
  private final Vertx vertx;

  ExtractsProvider(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Upstream ask(Call call, Consumer<Event> events) {
    Telling telling = new Telling(vertx, call, events);
    vertx.runOnContext(begun -> telling.begin());
    return telling;
  }

  /** One answer being told. */
  private static final class Telling implements Upstream {
    private final Vertx vertx;
    private final Call call;
    private final Consumer<Event> events;
    private final Deque<Event> left = new ArrayDeque<>();
    private boolean paused;
    private boolean due = true;
    private boolean cancelled;

    Telling(Vertx vertx, Call call, Consumer<Event> events) {
      this.vertx = vertx;
      this.call = call;
      this.events = events;
    }

    void begin() {
      if (!cancelled) {
        left.add(new Event.Started(null, call.model().modelName()));
        Extracts.answer(call.prompt()).forEach(piece -> left.add(new Delta.Text(piece)));
        left.add(new Event.Finished(FinishReason.STOP));
      }
      tell();
    }

    private void tell() {
      due = false;
      if (!paused && !left.isEmpty()) {
        events.accept(left.remove());
        tellMore();
      }
    }

    private void tellMore() {
      if (!due) {
        due = true;
        vertx.runOnContext(next -> tell());
      }
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
      tellMore();
    }

    @Override
    public void cancel() {
      cancelled = true;
      left.clear();
    }
  }
}
