package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a provider said to one call, asked on an event loop of its own. */
final class Heard {
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Promise<Event> last = Promise.promise();
  private final Promise<Delta> first = Promise.promise();
  private final Promise<Upstream> upstream = Promise.promise();
  private final Context loop;

  private Heard(Vertx vertx) {
    this.loop = vertx.getOrCreateContext();
  }

  static Heard ask(Vertx vertx, Function<Vertx, Provider> provider, Call call) {
    Heard heard = new Heard(vertx);
    heard.loop.runOnContext(
        begun -> {
          Upstream asked = provider.apply(vertx).ask(call, heard::hear);
          assertThat(heard.events).as("said before ask returned").isEmpty();
          heard.upstream.complete(asked);
        });
    return heard;
  }

  private void hear(Event event) {
    events.add(event);
    switch (event) {
      case Delta delta -> first.tryComplete(delta);
      case Event.Finished _, Event.Failed _ -> last.tryComplete(event);
      case Event.Started _, Usage _ -> {}
    }
  }

  /** Waits for the terminal event. */
  Event last() {
    return Awaited.of(last.future());
  }

  LlmFailure failure() {
    return ((Event.Failed) last()).failure();
  }

  Delta first() {
    return Awaited.of(first.future());
  }

  /** Does something to the answer on its event loop, and waits until it is done. */
  Heard act(Consumer<Upstream> act) {
    Upstream asked = Awaited.of(upstream.future());
    Awaited.of(
        Future.future(
            promise ->
                loop.runOnContext(
                    there -> {
                      act.accept(asked);
                      promise.complete();
                    })));
    return this;
  }

  List<Event> events() {
    return events;
  }

  String text() {
    return joined(Delta.Text.class);
  }

  String joined(Class<? extends Delta> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(event -> ((Delta) event).text())
        .collect(Collectors.joining());
  }
}
