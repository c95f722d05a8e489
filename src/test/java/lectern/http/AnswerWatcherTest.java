package lectern.http;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Watch;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Place;
import lectern.conversation.Watch.Standing;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a watcher looks where its answer stands, while the silence it minds is far away. */
class AnswerWatcherTest {
  private static final UUID MESSAGE = UUID.randomUUID();
  private static final Standing ORPHANED = TestingStanding.growing(MESSAGE, "nobody");
  private static final Standing ENDED = TestingStanding.ended(MESSAGE, "All of it.");

  private final Promise<End> ended = Promise.promise();
  private final StringBuffer heard = new StringBuffer();
  private final List<Long> looks = new ArrayList<>();
  private Vertx vertx;
  private Bus bus;

  @BeforeEach
  void open() {
    Scope.register();
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** The answer to so many looks; from then on it has ended. */
  private void stands(int times, Future<Standing> before) {
    await(
        bus.answer(
            Watch.ADDRESS,
            _ -> {
              looks.add(System.nanoTime());
              return looks.size() > times ? Future.succeededFuture(ENDED) : before;
            }));
  }

  private End watched() {
    Mailbox mailbox = new Mailbox();
    await(mailbox.open(bus));
    Duration quiet = Duration.ofHours(1);
    UUID viewer = UUID.randomUUID();
    vertx.runOnContext(
        _ ->
            new AnswerWatcher(vertx, bus, mailbox, quiet, viewer, MESSAGE, Place.START, new Heard())
                .follow(null)
                .onComplete(ended));
    return await(ended.future());
  }

  private long millis(int from, int to) {
    return TimeUnit.NANOSECONDS.toMillis(looks.get(to) - looks.get(from));
  }

  @Test
  void when_the_database_has_too_much_to_do_the_watcher_looks_again_soon_and_then_less() {
    Refusal busy = new Refusal(Code.E_UNAVAILABLE, "The database does not answer right now.");
    stands(3, Future.failedFuture(busy));
    assertThat(watched().status()).isEqualTo("complete");
    assertThat(heard).hasToString("All of it.");
    assertThat(looks).hasSize(4);
    assertThat(millis(0, 1)).isBetween(250L, 900L);
    assertThat(millis(2, 3)).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void an_owner_that_cannot_be_reached_is_asked_for_less_and_less() {
    stands(4, Future.succeededFuture(ORPHANED));
    assertThat(watched().status()).isEqualTo("complete");
    assertThat(heard).hasToString("All of it.");
    assertThat(looks).hasSize(5);
    assertThat(millis(0, 1)).isLessThan(250);
    assertThat(millis(1, 4)).isGreaterThanOrEqualTo(250 + 500 + 1_000);
  }

  private final class Heard implements AnswerWatcher.Sink {
    @Override
    public boolean wantsText() {
      return true;
    }

    @Override
    public void startOver(Place place) {
      heard.setLength(0);
    }

    @Override
    public void thinking(Place place) {}

    @Override
    public Future<Void> text(String more, Place reached) {
      heard.append(more);
      return Future.succeededFuture();
    }

    @Override
    public void beat() {}
  }
}
