package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Histories of many clients at two nodes, one of which is a process that is killed: random sends,
 * repetitions, stops, replacements and deletions in a few conversations. What every client saw is
 * held against the ledger and the model server's own log.
 *
 * <p>{@code -Dhistory.operations} and {@code -Dhistory.seed} run longer and other histories.
 */
class HistoryTest {
  private static final int CLIENTS = 6;
  private static final int CONVERSATIONS = 3;
  private static final int OPERATIONS = Integer.getInteger("history.operations", 25);
  private static final long SEED = Long.getLong("history.seed", 20261125);
  private static final Duration BOUND = Duration.ofSeconds(40);

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final List<String> conversations = new ArrayList<>();
  private final Map<String, Sent> sends = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private TestingProvider provider;
  private Server here;
  private Process there;
  private int[] ports;
  private String token;
  private String model;

  /** What was sent under one key, and every answer that came back for it. */
  private record Sent(String content, List<Seen> seen) {}

  /** One response: a status, a code where there was one, and the answer as far as it was told. */
  private record Seen(
      int status, @Nullable String code, @Nullable String answerId, @Nullable String content) {
    boolean busy() {
      return "E_CONVERSATION_BUSY".equals(code) || status == 429;
    }
  }

  @BeforeEach
  void open() throws Exception {
    Scope.register();
    provider = TestingProvider.start(vertx);
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "history-");
    here = Server.start(Config.read(CommandLine.parse(List.of()), environment(home, 0)));
    int port = freePort();
    there = process(home, port);
    ports = new int[] {here.apiPort(), port};
    awaitReady(port);
    JsonObject account =
        new JsonObject().put("email", "history@example.org").put("password", "correct horse");
    token = ok(exchange(0, "POST", "/auth/register", account, null)).getString("token");
    JsonArray models =
        new JsonObject(exchange(0, "GET", "/models", null, null).body()).getJsonArray("data");
    model =
        models.stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("provider").equals("openai"))
            .findFirst()
            .orElseThrow()
            .getString("id");
    for (int i = 0; i < CONVERSATIONS; i++) {
      conversations.add(ok(exchange(0, "POST", "/conversations", null, null)).getString("id"));
    }
  }

  private Map<String, String> environment(Path home, int port) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LECTERN_HOME", home.toString());
    environment.put("LECTERN_PORT", "0");
    environment.put("LECTERN_API_PORT", Integer.toString(port));
    environment.put("LECTERN_DATABASE_URL", database.url().toString());
    environment.put("LECTERN_KEY_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    environment.put("LECTERN_REGISTRATION", "open");
    environment.put("LECTERN_LOCAL_MODELS", "false");
    environment.put("LECTERN_SENDS_PER_MINUTE", "100000");
    environment.put("LECTERN_SENDS_IN_FLIGHT", "1000");
    environment.put("LECTERN_PLATFORM_TOKENS_PER_DAY", "2000000000");
    environment.put("OPENAI_API_KEY", "sk-testing");
    environment.put("OPENAI_BASE_URL", provider.baseUrl().toString());
    return environment;
  }

  private Process process(Path home, int port) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes,
            "lectern.Main");
    builder.environment().keySet().removeIf(name -> name.startsWith("LECTERN_"));
    builder.environment().putAll(environment(home, port));
    File log = home.resolve("node.log").toFile();
    return builder.redirectErrorStream(true).redirectOutput(log).start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(int port) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!isReady(port)) {
      assertThat(System.nanoTime()).as("the second node gets ready").isLessThan(deadline);
      assertThat(there.isAlive()).isTrue();
      never.await(50, TimeUnit.MILLISECONDS);
    }
  }

  private boolean isReady(int port) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + "/health/ready");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    there.destroyForcibly();
    here.close();
    TestingDatabase.await(vertx.close());
  }

  @Test
  void no_client_sees_anything_but_one_order_and_one_answer_a_question() throws Exception {
    List<CompletableFuture<Void>> clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(number -> CompletableFuture.runAsync(() -> play(number), this::onThread))
            .toList();
    CompletableFuture.anyOf(halfway(), all(clients)).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    there.destroyForcibly().waitFor();
    // What its silence would say after fifteen seconds; the sweep of the other node goes on from
    // there.
    database.execute("delete from node where started_at = (select max(started_at) from node)");
    all(clients).get(2 * BOUND.toSeconds(), TimeUnit.SECONDS);
    awaitNothingPending();

    check();
    assertThat(violations).isEmpty();
    assertThat(sends).hasSizeGreaterThan(CLIENTS * OPERATIONS / 3);
  }

  private void onThread(Runnable work) {
    Thread.ofVirtual().start(work);
  }

  private static CompletableFuture<Void> all(List<CompletableFuture<Void>> work) {
    return CompletableFuture.allOf(work.toArray(CompletableFuture[]::new));
  }

  /** Done when half of all sends have been seen to end. */
  private CompletableFuture<Void> halfway() {
    return half;
  }

  private final CompletableFuture<Void> half = new CompletableFuture<>();

  // What the clients do

  private void play(int number) {
    Random random = new Random(SEED + number);
    List<String> mine = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      String last = mine.isEmpty() ? null : mine.getLast();
      switch (random.nextInt(10)) {
        case 0 -> {
          if (last != null && !deleted.contains(last)) {
            again(random, last);
          }
        }
        case 1 -> {
          if (last != null) {
            delete(random, last);
          }
        }
        case 2 -> mine.add(ask(random, number, i, true));
        default -> mine.add(ask(random, number, i, false));
      }
      if (sends.size() >= CLIENTS * OPERATIONS / 3) {
        half.complete(null);
      }
    }
  }

  /** Sends a question of its own under a key of its own, twice at once now and then. */
  private String ask(Random random, int number, int i, boolean twice) {
    provider.plays(script(random));
    String key = "k-%d-%d".formatted(number, i);
    String content = "Question " + key + "?";
    Sent sent = new Sent(content, new ArrayList<>());
    sends.put(key, sent);
    String path =
        "/conversations/" + conversations.get(random.nextInt(CONVERSATIONS)) + "/messages";
    JsonObject body = new JsonObject().put("content", content).put("model_id", model);
    int node = random.nextInt(2);
    if (twice) {
      CompletableFuture<Seen> other =
          CompletableFuture.supplyAsync(() -> result(1 - node, path, body, key), this::onThread);
      record(sent, result(node, path, body, key));
      record(sent, other.join());
    } else {
      record(sent, result(node, path, body, key));
    }
    paths.put(key, path);
    return key;
  }

  private final Map<String, String> paths = new ConcurrentHashMap<>();

  private static Script script(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Script.stream().text("Half ").cut();
      case 1 -> Script.refusing(400, "invalid_request_error", "context_length_exceeded", "no");
      default -> Script.answering("An ", "answer ", Integer.toString(random.nextInt(1000)));
    };
  }

  private void again(Random random, String key) {
    Sent sent = sends.get(key);
    JsonObject body = new JsonObject().put("content", sent.content).put("model_id", model);
    record(sent, result(random.nextInt(2), paths.get(key), body, key));
  }

  /** Deletes an answer this client got; its key means nothing afterwards. */
  private void delete(Random random, String key) {
    for (Seen seen : sends.get(key).seen) {
      if (seen.answerId != null && deleted.add(key)) {
        HttpResponse<String> gone =
            reached(random.nextInt(2), "DELETE", "/messages/" + seen.answerId, null, null);
        if (gone.statusCode() != 204 && gone.statusCode() != 404) {
          violations.add("delete said " + gone.statusCode());
        }
        return;
      }
    }
  }

  private static void record(Sent sent, Seen seen) {
    synchronized (sent) {
      sent.seen.add(seen);
    }
  }

  /** Repeats under the same key until there is a stated result, as a client would. */
  private Seen result(int node, String path, JsonObject body, String key) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (true) {
      Seen seen = seen(reached(node, "POST", path, body, key));
      if (!seen.busy() && seen.status != 503) {
        return seen;
      }
      if (System.nanoTime() > deadline) {
        violations.add(key + " came to no result: " + seen);
        return seen;
      }
    }
  }

  private static Seen seen(HttpResponse<String> response) {
    JsonObject json = new JsonObject(response.body());
    if (response.statusCode() == 200) {
      JsonObject answer = json.getJsonObject("data").getJsonObject("assistant_message");
      return new Seen(200, null, answer.getString("id"), answer.getString("content"));
    }
    JsonObject error = json.getJsonObject("error");
    JsonObject details = error.getJsonObject("details", new JsonObject());
    boolean stored = details.containsKey("user_message_id");
    // A failed answer is a result whatever its status is; 503 without ids asks to come again.
    int status = stored && response.statusCode() == 503 ? 599 : response.statusCode();
    return new Seen(
        status,
        error.getString("code"),
        stored ? details.getString("assistant_message_id") : null,
        null);
  }

  /** A node that does not answer is left for the other one. */
  private HttpResponse<String> reached(
      int node, String method, String path, @Nullable JsonObject body, @Nullable String key) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    for (int at = node; System.nanoTime() < deadline; at = 1 - at) {
      try {
        return exchange(at, method, path, body, key);
      } catch (IOException refusedOrCut) {
        // The other one, then.
      }
    }
    throw new AssertionError("no node answers");
  }

  private HttpResponse<String> exchange(
      int node, String method, String path, @Nullable JsonObject body, @Nullable String key)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[node] + path))
            .timeout(BOUND)
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json").header("Prefer", "wait=20");
    }
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return new JsonObject(response.body()).getJsonObject("data");
  }

  // What must hold

  private void awaitNothingPending() throws InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (number("select count(*) from message where status = 'pending'") > 0) {
      assertThat(System.nanoTime()).as("nothing stays pending").isLessThan(deadline);
      never.await(100, TimeUnit.MILLISECONDS);
    }
  }

  private void check() {
    Map<String, Integer> calls = new HashMap<>();
    for (TestingProvider.Request request : provider.requests()) {
      JsonArray messages = request.json().getJsonArray("messages");
      String asked = messages.getJsonObject(messages.size() - 1).getString("content");
      calls.merge(asked, 1, Integer::sum);
    }
    calls.forEach(
        (asked, times) -> {
          if (times != 1) {
            violations.add("the model was asked %d times: %s".formatted(times, asked));
          }
        });
    long ledger = number("select count(*) from generation");
    if (calls.size() > ledger) {
      violations.add("%d calls, %d in the ledger".formatted(calls.size(), ledger));
    }
    sends.forEach((key, sent) -> check(key, sent, calls));
    for (Row row :
        rows(
            "select c.id, c.next_seq, (select count(*) from generation g where g.conversation_id ="
                + " c.id)::int as turns from conversation c")) {
      if (row.getInteger("next_seq") != 1 + 2 * row.getInteger("turns")) {
        violations.add("numbers with gaps: " + row.deepToString());
      }
    }
    if (number(
            "select count(*) from message a where role = 'assistant' and (seq % 2 = 1 or exists"
                + " (select 1 from message q where q.conversation_id = a.conversation_id and q.seq"
                + " = a.seq - 1 and q.role <> 'user'))")
        > 0) {
      violations.add("an answer that does not follow its question");
    }
  }

  /** All answers to one key tell of one answer, in one way, and as it is stored. */
  private void check(String key, Sent sent, Map<String, Integer> calls) {
    Set<Seen> results = new HashSet<>(sent.seen);
    if (results.size() != 1) {
      violations.add("%s was answered in several ways: %s".formatted(key, results));
      return;
    }
    Seen result = results.iterator().next();
    if (result.status == 200 && calls.getOrDefault(sent.content, 0) != 1) {
      violations.add(key + " was answered and nobody was asked");
    }
    if (result.answerId == null) {
      violations.add(key + " came to nothing: " + result);
    } else if (!deleted.contains(key)) {
      UUID id = UUID.fromString(result.answerId);
      for (Row row :
          rows("select status, content, error_code from message where id = '" + id + "'")) {
        boolean same =
            result.status == 200
                ? row.getString("status").equals("complete")
                    && row.getString("content").equals(result.content)
                : result.code != null && result.code.equals(row.getString("error_code"));
        if (!same) {
          violations.add("%s was told %s and is stored otherwise".formatted(key, result));
        }
      }
    }
  }

  private static long number(String sql) {
    for (Row row : rows(sql)) {
      return row.getLong(0);
    }
    throw new AssertionError(sql);
  }

  private static Iterable<Row> rows(String sql) {
    return TestingDatabase.await(database.pool().query(sql).execute());
  }
}
