package lectern.http;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.Watch;
import lectern.conversation.Watch.Batch;
import lectern.conversation.Watch.Follow;
import lectern.conversation.Watch.Place;
import lectern.conversation.Watch.Standing;
import lectern.conversation.Watch.Unfollow;
import lectern.identity.IdentityAddresses;
import lectern.identity.Viewer;
import lectern.telemetry.Metrics;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream does while nobody says anything: the API alone, the test plays the owner. */
class QuietStreamTest {
  private static final String OWNER = "testing.owner";
  private static final UUID MESSAGE = UUID.randomUUID();

  private final Metrics metrics = new Metrics();
  private final Promise<Void> left = Promise.promise();
  private final Buffer heard = Buffer.buffer();
  private Vertx vertx;
  private Bus bus;
  private int port;
  private volatile String owner = OWNER;
  private volatile String content = "";
  private volatile Follow followed;

  @BeforeEach
  void open() {
    Scope.register();
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    Viewer viewer =
        new Viewer(UUID.randomUUID(), UUID.randomUUID(), false, OffsetDateTime.now().plusDays(1));
    await(bus.answer(IdentityAddresses.AUTHENTICATE, _ -> Future.succeededFuture(viewer)));
    await(bus.answer(Watch.ADDRESS, _ -> Future.succeededFuture(standing())));
    await(bus.answer(Follow.at(OWNER), this::follow));
    await(bus.answer(Unfollow.at(OWNER), _ -> left()));
    ApiVerticle api =
        new ApiVerticle(
            bus,
            metrics,
            Future::succeededFuture,
            new ApiSettings("127.0.0.1", 0, Duration.ofMillis(20)));
    await(vertx.deployVerticle(api));
    port = api.port();
  }

  @AfterEach
  void close() {
    await(vertx.close());
    metrics.close();
  }

  private Future<Nothing> follow(Follow wanted) {
    followed = wanted;
    return Future.succeededFuture(Nothing.NOTHING);
  }

  private Future<Nothing> left() {
    left.tryComplete();
    return Future.succeededFuture(Nothing.NOTHING);
  }

  private Standing standing() {
    return owner == null
        ? TestingStanding.ended(MESSAGE, content)
        : TestingStanding.growing(MESSAGE, owner);
  }

  private HttpClientResponse watched() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/messages/" + MESSAGE + "/stream")
            .putHeader("Authorization", "Bearer x");
    return await(
        vertx
            .createHttpClient()
            .request(options)
            .compose(request -> request.send())
            .onSuccess(response -> response.handler(this::hear)));
  }

  private synchronized void hear(Buffer bytes) {
    heard.appendBuffer(bytes);
    notifyAll();
  }

  /** Waits, without a clock, until so much has been heard. */
  private synchronized String hears(String wanted) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    try {
      while (!heard.toString().contains(wanted)) {
        assertThat(System.nanoTime()).as("heard only %s", heard).isLessThan(deadline);
        wait(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return heard.toString();
  }

  private Batch batch(Place from, String text) {
    return new Batch(followed.watcher(), from, text, false, null);
  }

  @Test
  void comments_keep_the_connection_alive_while_the_provider_is_silent() {
    watched();
    hears(": keep-alive\n\n: keep-alive\n\n: keep-alive\n\n");
  }

  @Test
  void a_stream_whose_owner_fell_silent_finds_the_end_by_itself() {
    watched();
    hears(": keep-alive");
    await(bus.ask(Batch.at(followed.mailbox()), batch(new Place(1, 0), "So ")));
    content = "So far.";
    owner = null;
    String all = hears("event: done");
    assertThat(all)
        .contains("id: 1.3\nevent: delta\ndata: {\"delta\":\"So \"}\n\n")
        .contains("id: 1.7\nevent: delta\ndata: {\"delta\":\"far.\"}\n\n")
        .doesNotContain("event: reset");
  }

  @Test
  void that_the_model_thinks_is_told_once_though_the_owner_is_asked_anew() {
    watched();
    hears(": keep-alive");
    Batch thinking = new Batch(followed.watcher(), new Place(1, 0), "", true, null);
    await(bus.ask(Batch.at(followed.mailbox()), thinking));
    await(bus.ask(Batch.at(followed.mailbox()), thinking));
    await(bus.ask(Batch.at(followed.mailbox()), batch(new Place(1, 0), "So.")));
    assertThat(hears("So."))
        .containsOnlyOnce("event: thinking")
        .containsSubsequence("id: 1.0\nevent: thinking\ndata: {}\n\n", "event: delta")
        .doesNotContain("event: reset");
  }

  @Test
  void an_answer_that_was_begun_again_voids_what_had_come() {
    watched();
    hears(": keep-alive");
    await(bus.ask(Batch.at(followed.mailbox()), batch(new Place(1, 0), "Lost")));
    await(bus.ask(Batch.at(followed.mailbox()), batch(new Place(2, 0), "Found")));
    String all = hears("Found");
    assertThat(all.indexOf("event: reset")).isBetween(all.indexOf("Lost"), all.indexOf("Found"));
  }

  @Test
  void an_owner_that_does_not_know_the_answer_is_asked_no_more_once_it_ended() {
    await(
        bus.answer(
            Follow.at("testing.forgetful"),
            _ -> {
              content = "It had ended.";
              owner = null;
              return Future.failedFuture(new Refusal(Code.E_NOT_FOUND, "Not here."));
            }));
    owner = "testing.forgetful";
    watched();
    assertThat(hears("event: done")).contains("It had ended.");
  }

  @Test
  void a_client_that_hangs_up_is_followed_no_more() {
    HttpClientResponse response = watched();
    hears(": keep-alive");
    await(response.request().connection().close());
    await(left.future());
    Future<Nothing> late =
        bus.ask(Batch.at(followed.mailbox()), batch(new Place(1, 0), "Too late"));
    await(Future.join(List.of(late)).otherwiseEmpty());
    assertThat(late.failed()).isTrue();
  }
}
