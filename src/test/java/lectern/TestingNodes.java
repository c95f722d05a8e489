package lectern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import org.jspecify.annotations.Nullable;

/**
 * Two servers on one database: number 0 in this process, number 1 in a process of its own, which
 * can be killed and started again. Nobody at either is held back by a limit.
 */
final class TestingNodes implements AutoCloseable {
  /** No client waits longer for anything. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final TestingDatabase database;
  private final TestingProvider provider;
  private final Path home;
  private final Server here;
  private final int[] ports;
  private final AtomicInteger newcomers = new AtomicInteger();
  private Process there;

  TestingNodes(TestingDatabase database, TestingProvider provider) throws IOException {
    this.database = database;
    this.provider = provider;
    this.home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "nodes-");
    here = Server.start(Config.read(CommandLine.parse(List.of()), environment(0)));
    ports = new int[] {here.apiPort(), freePort()};
    there = process();
    awaitReady();
  }

  private Map<String, String> environment(int port) {
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Process process() throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java, "-cp", classes, "lectern.Main");
    builder.environment().keySet().removeIf(name -> name.startsWith("LECTERN_"));
    builder.environment().putAll(environment(ports[1]));
    File log = home.resolve("node.log").toFile();
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady()) {
      assertThat(System.nanoTime()).as("the second node gets ready").isLessThan(deadline);
      assertThat(there.isAlive()).as("see %s/node.log", home).isTrue();
      pause(20);
    }
  }

  /**
   * Asked like a balancer would, which does not wait long for one reply: a connection that comes
   * just as a server begins to listen may be taken and never heard (Vert.x has no metrics for it
   * yet), and the next one is.
   */
  private boolean isReady() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[1] + "/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills number 1, which has no time to say anything. */
  void kill() throws InterruptedException {
    there.destroyForcibly().waitFor();
  }

  /** Starts number 1 again, at the port it had. */
  void start() throws IOException {
    there = process();
    awaitReady();
  }

  /** The token of a reader who just made an account. */
  String newcomer() throws IOException {
    String email = "history-" + newcomers.incrementAndGet() + "@example.org";
    JsonObject account = new JsonObject().put("email", email).put("password", "correct horse");
    HttpResponse<String> welcome =
        exchange(0, null, "POST", "/auth/register", account, Map.of(), BodyHandlers.ofString());
    return new JsonObject(welcome.body()).getJsonObject("data").getString("token");
  }

  /** The models that a reader can ask here. */
  JsonArray models(String token) throws IOException {
    HttpResponse<String> models =
        exchange(0, token, "GET", "/models", null, Map.of(), BodyHandlers.ofString());
    return new JsonObject(models.body()).getJsonArray("data");
  }

  <T> HttpResponse<T> exchange(
      int node,
      @Nullable String token,
      String method,
      String path,
      @Nullable JsonObject body,
      Map<String, String> headers,
      BodyHandler<T> handler)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[node] + path))
            .timeout(PATIENCE)
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
    headers.forEach(request::header);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      return http.send(request.build(), handler);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends a request, or the beginning of it, and breaks the connection off after so long; what came
   * back by then is not read.
   */
  void hangUp(
      int node,
      String token,
      String path,
      JsonObject body,
      Map<String, String> headers,
      double part,
      int millis)
      throws IOException {
    int length = body.encode().getBytes(UTF_8).length;
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Authorization: Bearer ").append(token).append("\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: ").append(length);
    byte[] request = (head + "\r\n\r\n" + body.encode()).getBytes(UTF_8);
    try (Socket socket = new Socket("127.0.0.1", ports[node])) {
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(request, 0, (int) (part * request.length));
      pause(millis);
    }
  }

  /** What a client waits before it asks again. */
  static void pause(int millis) {
    try {
      assertThat(NEVER.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    there.destroyForcibly();
    here.close();
    http.shutdownNow();
  }
}
