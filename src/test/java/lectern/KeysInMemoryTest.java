package lectern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What of a reader's key is left in the memory of a server process once it was used. */
class KeysInMemoryTest {
  private static final long PATIENCE_SECONDS = 60;

  /** A server's own key is a setting and stays in memory. */
  private static final String SERVERS_KEY = "sk-servers-0123456789-0123456789";

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  @TempDir Path directory;

  @Test
  void keys_that_were_stored_tested_used_and_repeated_to_us_are_gone_from_the_heap_a_moment_later()
      throws IOException, InterruptedException {
    String own = "sk-canary-" + UUID.randomUUID();
    String connected = "sk-canary-" + UUID.randomUUID();
    Vertx vertx = Vertx.vertx();
    try (TestingProvider provider = TestingProvider.start(vertx)) {
      Process server = start(provider);
      try {
        int port = port(server.inputReader());
        WebClient web = WebClient.create(vertx);
        use(web, port, own, connected, provider);
        assertThat(found(server.pid(), SERVERS_KEY)).as("what is there is found").isTrue();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (found(server.pid(), own) || found(server.pid(), connected)) {
          assertThat(System.nanoTime()).as("still in the heap").isLessThan(deadline);
          call(web, port, "GET", "/health/live", null, null);
        }
      } finally {
        server.destroy();
        assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      await(vertx.close());
    }
  }

  private Process start(TestingProvider provider) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "lectern.Main");
    builder.redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("LECTERN_HOME", directory.toString());
    environment.put("LECTERN_PORT", "0");
    environment.put("LECTERN_API_PORT", "0");
    environment.put("LECTERN_DATABASE_URL", database.url().toString());
    environment.put("LECTERN_KEY_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    environment.put("LECTERN_LOCAL_MODELS", "false");
    environment.put("LECTERN_ALLOW_PRIVATE_ADDRESSES", "true");
    environment.put("LECTERN_LOG_FORMAT", "json");
    environment.put("OPENAI_API_KEY", SERVERS_KEY);
    environment.put("OPENAI_BASE_URL", provider.baseUrl().toString());
    return builder.start();
  }

  private static int port(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains("server.started")) {
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        return new JsonObject(line).getInteger("api_port");
      }
    }
    throw new AssertionError("the server did not start");
  }

  /** Both are stored, tested, used, repeated by the provider in a failure, and sealed anew. */
  private static void use(
      WebClient web, int port, String own, String connected, TestingProvider provider) {
    JsonObject account =
        new JsonObject().put("email", "a@example.org").put("password", TestingClient.PASSWORD);
    String token =
        call(web, port, "POST", "/auth/register", null, account)
            .getJsonObject("data")
            .getString("token");
    JsonObject key = new JsonObject().put("provider", "openai").put("api_key", own);
    String id = call(web, port, "POST", "/keys", token, key).getJsonObject("data").getString("id");
    Script list =
        Script.status(200, "application/json").bytes("{\"data\":[{\"id\":\"their-model\"}]}");
    provider.plays(list, list);
    call(web, port, "POST", "/keys/" + id + "/test", token, null);
    JsonObject connection =
        new JsonObject()
            .put("name", "Mine")
            .put("base_url", "http://localhost:" + provider.port() + "/v1")
            .put("api_key", connected);
    call(web, port, "POST", "/connections", token, connection);
    ask(web, port, token, "openai", own, provider);
    ask(web, port, token, "connection", connected, provider);
    JsonObject rotated =
        call(web, port, "POST", "/admin/keys/rotate", token, null).getJsonObject("data");
    assertThat(rotated.getInteger("remaining")).isZero();
    assertThat(provider.requests()).hasSize(6);
  }

  private static void ask(
      WebClient web, int port, String token, String of, String canary, TestingProvider provider) {
    String model =
        call(web, port, "GET", "/models", token, null).getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("provider").equals(of))
            .findFirst()
            .orElseThrow()
            .getString("id");
    JsonObject question = new JsonObject().put("content", "Q").put("model_id", model);
    provider.plays(
        Script.answering("Hello"),
        Script.refusing(400, "x", null, "Your key " + canary + " does not like this."));
    call(web, port, "POST", "/conversations/messages", token, question);
    assertThat(provider.requests().getLast().header("authorization")).isEqualTo("Bearer " + canary);
    HttpResponse<Buffer> failed =
        answered(web, port, "POST", "/conversations/messages", token, question);
    assertThat(failed.statusCode()).isEqualTo(400);
    assertThat(failed.bodyAsString()).doesNotContain(canary);
  }

  private static JsonObject call(
      WebClient web, int port, String method, String path, String token, JsonObject body) {
    HttpResponse<Buffer> response = answered(web, port, method, path, token, body);
    assertThat(response.statusCode()).as(response.bodyAsString()).isLessThan(300);
    return response.bodyAsJsonObject();
  }

  private static HttpResponse<Buffer> answered(
      WebClient web, int port, String method, String path, String token, JsonObject body) {
    var request = web.request(HttpMethod.valueOf(method), port, "127.0.0.1", path);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    return await(body == null ? request.send() : request.sendJsonObject(body));
  }

  /** Whether the live objects of a process hold this text, in either form of Java's. */
  private boolean found(long pid, String text) throws IOException, InterruptedException {
    Path dump = directory.resolve(UUID.randomUUID() + ".hprof");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.heap_dump",
                dump.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("jcmd.log").toFile())
            .start();
    assertThat(jcmd.waitFor()).isZero();
    try (FileChannel channel = FileChannel.open(dump)) {
      var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return List.of(text.getBytes(ISO_8859_1), text.getBytes(UTF_16BE)).stream()
          .anyMatch(wanted -> contains(bytes, wanted));
    } finally {
      Files.delete(dump);
    }
  }

  private static boolean contains(java.nio.ByteBuffer bytes, byte[] wanted) {
    for (int at = 0; at <= bytes.limit() - wanted.length; at++) {
      int same = 0;
      while (same < wanted.length && bytes.get(at + same) == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }
}
