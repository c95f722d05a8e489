package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import lectern.History.Seen;
import lectern.History.Sent;
import lectern.History.Told;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Histories of many clients at two nodes, one of which is killed: sends, plain and streamed, that
 * wait their turn or come back; streams that are left and resumed at either node; repetitions,
 * stops, also late ones, replacements, deletions, of a conversation while its answer grows too.
 * What every client saw is held against the ledger and the model server's own log.
 *
 * <p>{@code -Dhistory.operations} (of each client), {@code -Dhistory.seed} and {@code
 * -Dhistory.kills} run longer and other histories.
 */
class HistoryTest {
  private static final int CLIENTS = 6;
  private static final int CONVERSATIONS = 4;
  private static final int OPERATIONS = Integer.getInteger("history.operations", 12);
  private static final int KILLS = Integer.getInteger("history.kills", 1);
  private static final long SEED = Long.getLong("history.seed", 20261125);
  private static final int WAIT_SECONDS = 20;

  /** Silence, and the longest until the next sweep; then what a busy machine takes. */
  private static final Duration ORPHANED = Duration.ofSeconds(15 + 5 + 3);

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private final Vertx vertx = Vertx.vertx();
  private final History history = new History(database);
  private final Map<String, Supplier<Script>> scripts = new ConcurrentHashMap<>();
  private final List<String> conversations = new ArrayList<>();
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private TestingProvider provider;
  private TestingNodes nodes;
  private String model;

  @BeforeEach
  void open() throws IOException {
    Scope.register();
    provider =
        TestingProvider.start(vertx)
            .playsBy(request -> scripts.get(History.question(request)).get());
    nodes = new TestingNodes(database, provider);
    nodes.register();
    JsonArray models =
        new JsonObject(nodes.reached(0, "GET", "/models", null).body()).getJsonArray("data");
    model =
        models.stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("provider").equals("openai"))
            .findFirst()
            .orElseThrow()
            .getString("id");
    for (int i = 0; i < CONVERSATIONS; i++) {
      HttpResponse<String> created = nodes.reached(0, "POST", "/conversations", null);
      conversations.add(data(created).getString("id"));
    }
  }

  @AfterEach
  void close() {
    nodes.close();
    TestingDatabase.await(vertx.close());
  }

  @Test
  void no_client_sees_anything_but_one_order_and_one_answer_a_question() throws Exception {
    List<CompletableFuture<Void>> clients =
        IntStream.range(0, CLIENTS).mapToObj(number -> run(() -> play(number))).toList();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new));
    CompletableFuture<Void> watching = run(() -> look(all));
    for (int kill = 1; kill <= KILLS; kill++) {
      int when = CLIENTS * OPERATIONS * kill / (KILLS + 1);
      while (operations.get() < when && !all.isDone()) {
        TestingNodes.pause();
      }
      if (kill > 1) {
        nodes.start();
      }
      killed("killed-" + kill);
    }
    all.get(OPERATIONS + 2 * TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    watching.get(TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);

    history.check(provider.requests());
    assertThat(history.violations()).isEmpty();
    assertThat(operations.get()).isEqualTo(CLIENTS * OPERATIONS);
    assertThat(looks.get()).isGreaterThan(CONVERSATIONS);
    System.out.printf(
        "history: seed %d, %d operations, %d sends, %d calls, %d looks%n",
        SEED, operations.get(), history.sends().size(), provider.requests().size(), looks.get());
  }

  private static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, task -> Thread.ofVirtual().start(task));
  }

  private static JsonObject data(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return new JsonObject(response.body()).getJsonObject("data");
  }

  /** A node dies with an answer on it; the other one ends all that was there, soon enough. */
  private void killed(String key) throws Exception {
    Sent doomed;
    CompletableFuture<Void> asking;
    int i = 0;
    do {
      doomed = sent(key + "-" + i++, "/conversations/messages", null, stalled());
      asking = sending(doomed, new Manner(1, true, false, 0));
      CompletableFuture.anyOf(doomed.growing, asking)
          .get(TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      TestingNodes.pause(); // A model whose answers broke off rests, and is not asked for a while.
    } while (asking.isDone() && i < 2_000);
    nodes.kill();
    asking.get(2 * TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(doomed.seen).extracting(Seen::code).containsExactly("E_ORPHANED_PENDING");
    for (Row row :
        history.rows(
            "select count(*) filter (where g.ended_at is null), extract(epoch from min(g.ended_at -"
                + " n.beat_at) filter (where g.fence > 1))::float8, extract(epoch from"
                + " max(g.ended_at - n.beat_at))::float8 from generation g join node n on n.id ="
                + " g.node_id where n.id = (select node_id from generation where message_id = '"
                + doomed.answer()
                + "') group by n.id")) {
      assertThat(row.getLong(0)).as("what the dead node has pending").isZero();
      assertThat(row.getDouble(1)).isGreaterThanOrEqualTo(15);
      assertThat(row.getDouble(2)).isLessThan(ORPHANED.toSeconds());
    }
  }

  /** Looks at all conversations, at both nodes and in the database, as long as clients play. */
  private void look(CompletableFuture<Void> clients) {
    for (int i = 0; !clients.isDone(); i++) {
      history.pending();
      String conversation = conversations.get(i % CONVERSATIONS);
      String path = "/conversations/" + conversation + "/messages?from=newest&limit=30";
      HttpResponse<String> page = nodes.reached(i / CONVERSATIONS % 2, "GET", path, null);
      JsonArray messages = new JsonObject(page.body()).getJsonArray("data");
      history.page(conversation, messages.stream().map(JsonObject.class::cast).toList());
      looks.incrementAndGet();
      TestingNodes.pause();
    }
  }

  // What the clients do

  private void play(int number) {
    Random random = new Random(SEED * 31 + number);
    List<Sent> mine = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      String key = "k-%d-%d".formatted(number, i);
      Sent earlier = mine.isEmpty() ? null : mine.get(random.nextInt(mine.size()));
      boolean stands = earlier != null && earlier.wasOpened() && !earlier.deleted;
      int what = random.nextInt(14);
      if (what == 0 && stands) {
        send(earlier, manner(random));
      } else if (what == 1 && stands) {
        stop(earlier, random.nextInt(2));
      } else if (what == 2 && stands) {
        delete(earlier, random.nextInt(2));
      } else if (what == 3) {
        deletedWhileItGrows(sent(key, "/conversations/messages", null, stalled()), random);
      } else {
        Sent replaced = what <= 5 && earlier != null && earlier.wasOpened() ? earlier : null;
        boolean stopped = what == 6 || what == 7;
        Supplier<Script> script = stopped ? stalled() : script(random);
        String path = replaced == null ? path(random) : replaced.path;
        Sent next = sent(key, path, replaced, script);
        mine.add(next);
        if (stopped) {
          stoppedWhileItGrows(next, random);
        } else if (what == 8 || what == 9) {
          CompletableFuture<Void> twin = sending(next, manner(random));
          send(next, manner(random));
          twin.join();
        } else {
          send(next, manner(random));
        }
      }
      operations.incrementAndGet();
    }
  }

  private String path(Random random) {
    return "/conversations/" + conversations.get(random.nextInt(CONVERSATIONS)) + "/messages";
  }

  private Sent sent(String key, String path, @Nullable Sent replaced, Supplier<Script> script) {
    String content = "Question " + key + "?";
    JsonObject body = new JsonObject().put("content", content).put("model_id", model);
    if (replaced != null) {
      body.put("replaces_message_id", replaced.questions.iterator().next());
    }
    scripts.put(content, script);
    Sent sent = new Sent(key, content, path, body, replaced);
    history.add(sent);
    return sent;
  }

  private Supplier<Script> script(Random random) {
    String name = Integer.toString(random.nextInt(1000));
    return switch (random.nextInt(6)) {
      case 0 -> () -> Script.stream().text("Half ").cut();
      case 1 ->
          () -> Script.refusing(400, "invalid_request_error", "context_length_exceeded", "no");
      case 2, 3 ->
          () -> {
            Script slow = Script.stream();
            for (int i = 1; i <= 4; i++) {
              slow = slow.text(name + " 🌲 ").pauseUntil(vertx.timer(30 * i));
            }
            return slow.finish("stop").usage(16, 9).done();
          };
      default -> () -> Script.answering("An ", "answer ", name);
    };
  }

  private static Supplier<Script> stalled() {
    return () -> Script.stream().text("So 🌲 ").text("far").stall();
  }

  /** How a question is sent: where, and what its client does while it is answered. */
  private record Manner(int node, boolean streamed, boolean waits, int leavesAfter) {}

  private static Manner manner(Random random) {
    return new Manner(
        random.nextInt(2), random.nextBoolean(), random.nextBoolean(), random.nextInt(4));
  }

  private CompletableFuture<Void> sending(Sent sent, Manner manner) {
    return run(() -> send(sent, manner));
  }

  private void stoppedWhileItGrows(Sent sent, Random random) {
    CompletableFuture<Void> sending =
        sending(sent, new Manner(random.nextInt(2), true, random.nextBoolean(), random.nextInt(3)));
    CompletableFuture.anyOf(sent.meta, sending).join();
    if (sent.wasOpened()) {
      stop(sent, random.nextInt(2));
    }
    sending.join();
  }

  /** At the node that writes the answer: the other one could not tell it to stop. */
  private void deletedWhileItGrows(Sent sent, Random random) {
    Manner manner = new Manner(random.nextInt(2), true, false, 0);
    CompletableFuture<Void> sending = sending(sent, manner);
    CompletableFuture.anyOf(sent.meta, sending).join();
    if (!sent.meta.isDone()) {
      return; // Which is a violation by now.
    }
    int node = sent.node;
    sent.deleted = true;
    String conversation = sent.meta.join().getString("conversation_id");
    gone(nodes.reached(node, "DELETE", "/conversations/" + conversation, null));
    int status = nodes.reached(node, "GET", "/messages/" + sent.answer(), null).statusCode();
    if (status != 404) {
      history.violation("%s was deleted, and is answered with %d", sent.key, status);
    }
    sending.join();
    sent.seen.clear();
  }

  /** Deletes an answer this client got; its key means nothing afterwards. */
  private void delete(Sent sent, int node) {
    sent.deleted = true;
    gone(nodes.reached(node, "DELETE", "/messages/" + sent.answer(), null));
  }

  /** 404 when the request had to be repeated, because the node died after it was done. */
  private void gone(HttpResponse<String> deleted) {
    if (deleted.statusCode() != 204 && deleted.statusCode() != 404) {
      history.violation("a deletion was answered with %d", deleted.statusCode());
    }
  }

  /** Stops an answer at whichever node can; one that has ended stays as it is. */
  private void stop(Sent sent, int node) {
    String path = "/messages/" + sent.answer() + "/stop";
    long deadline = System.nanoTime() + TestingNodes.PATIENCE.toNanos();
    for (int at = node; System.nanoTime() < deadline; at = 1 - at) {
      HttpResponse<String> stopped = nodes.reached(at, "POST", path, null);
      if (stopped.statusCode() != 503) {
        JsonObject message = data(stopped);
        boolean complete = message.getString("status").equals("complete");
        sent.saw(
            new Seen(
                message.getString("error_code"),
                message.getString("id"),
                complete ? message.getString("content") : null));
        return;
      }
      TestingNodes.pause();
    }
    history.violation("%s could not be stopped", sent.key);
  }

  /** Asks, and comes back to either node until there is a stated result, as a client would. */
  private void send(Sent sent, Manner manner) {
    Told told = new Told();
    long deadline = System.nanoTime() + TestingNodes.PATIENCE.toNanos();
    for (int at = manner.node; System.nanoTime() < deadline; ) {
      try {
        boolean known = told.answer() != null;
        Seen seen = known ? watched(sent, told, at) : asked(sent, told, at, manner);
        if (seen != null) {
          sent.saw(seen);
          return;
        }
        at = told.answer() == null ? at : 1 - at;
      } catch (IOException refusedOrCut) {
        at = 1 - at;
      }
      TestingNodes.pause();
    }
    history.violation("%s came to no result", sent.key);
  }

  private @Nullable Seen asked(Sent sent, Told told, int node, Manner manner) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Idempotency-Key", sent.key);
    if (manner.waits) {
      headers.put("Prefer", "wait=" + WAIT_SECONDS);
    }
    long asked = System.nanoTime();
    String path = sent.path + (manner.streamed ? "?stream=1" : "");
    HttpResponse<InputStream> response =
        nodes.exchange(node, "POST", path, sent.body, headers, BodyHandlers.ofInputStream());
    if (response.statusCode() == 200 && manner.streamed) {
      sent.node = node;
      told.read(response.body(), manner.leavesAfter, sent);
      return told.end(history, sent);
    }
    JsonObject json = json(response);
    if (response.statusCode() == 200) {
      JsonObject answer = json.getJsonObject("data").getJsonObject("assistant_message");
      sent.questions.add(json.getJsonObject("data").getJsonObject("user_message").getString("id"));
      return new Seen(null, answer.getString("id"), answer.getString("content"));
    }
    return refused(sent, manner, json.getJsonObject("error"), System.nanoTime() - asked);
  }

  /** A refusal that names an answer is its end; one that asks to come again is none. */
  private @Nullable Seen refused(Sent sent, Manner manner, JsonObject error, long nanos) {
    String code = error.getString("code");
    JsonObject details = error.getJsonObject("details", new JsonObject());
    if (code.equals("E_CONVERSATION_BUSY")) {
      if (manner.waits && nanos < TimeUnit.SECONDS.toNanos(WAIT_SECONDS - 1)) {
        history.violation("%s would have waited, and was told to after %d ns", sent.key, nanos);
      }
      return null;
    }
    if (code.equals("E_UNAVAILABLE")) {
      return null;
    }
    if (details.containsKey("user_message_id")) {
      sent.questions.add(details.getString("user_message_id"));
    }
    return new Seen(code, details.getString("assistant_message_id"), null);
  }

  private @Nullable Seen watched(Sent sent, Told told, int node) throws IOException {
    Map<String, String> headers =
        told.place() == null ? Map.of() : Map.of("Last-Event-ID", told.place());
    HttpResponse<InputStream> response =
        nodes.exchange(
            node,
            "GET",
            "/messages/" + told.answer() + "/stream",
            null,
            headers,
            BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      told.read(response.body(), 0, sent);
      return told.end(history, sent);
    }
    String code = json(response).getJsonObject("error").getString("code");
    return code.equals("E_UNAVAILABLE") ? null : new Seen(code, told.answer(), null);
  }

  private static JsonObject json(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      return new JsonObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
