package lectern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lectern.telemetry.TestingLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged of a request that came to nothing. */
class AccessLogTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  @Test
  void a_refused_request_is_logged_with_its_route() {
    TestingClient reader = server.newcomer();
    Map<String, String> json = Map.of("Content-Type", "application/json");
    try (TestingLog log = new TestingLog()) {
      server.anybody().get("/media").is(401);
      reader.get("/media/" + UUID.randomUUID()).is(404);
      reader.post("/libraries", new JsonObject()).is(400);
      reader.raw("POST", "/media/from_text", Buffer.buffer(new byte[10 << 20]), json).is(413);
      reader.get("/nowhere").is(404);
      until(log, () -> refused(log).size() == 5);
      assertThat(refused(log))
          .containsExactlyInAnyOrder(
              "/media", "/media/:media_id", "/libraries", "/media/from_text", "none");
    }
  }

  private static List<String> refused(TestingLog log) {
    return log.lines("http.request.completed").stream()
        .filter(line -> line.getInteger("status_code") >= 400)
        .map(line -> line.getString("route"))
        .toList();
  }

  /** By a reset, and by an orderly end of the connection. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_client_that_leaves_in_the_middle_of_its_body_is_no_error(boolean reset)
      throws IOException {
    TestingClient reader = server.newcomer();
    try (TestingLog log = new TestingLog()) {
      try (Socket socket = new Socket("127.0.0.1", server.apiPort())) {
        socket.setSoLinger(reset, 0);
        String head =
            "POST /libraries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\nExpect: 100-continue\r\nAuthorization: Bearer "
                + reader.token()
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(UTF_8));
        BufferedReader heard =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        assertThat(heard.readLine()).isEqualTo("HTTP/1.1 100 Continue");
        socket.getOutputStream().write("{\"name\": ".getBytes(UTF_8));
      }
      until(log, () -> !log.lines("http.request.failed").isEmpty());
      reader.get("/libraries").is(200); // On the same loop: what was to be logged of that one is.
      JsonObject line = log.lines("http.request.failed").getFirst();
      assertThat(line.getString("route")).isEqualTo("/libraries");
      assertThat(line.getString("level")).isEqualToIgnoringCase("info");
      assertThat(log.lines())
          .noneSatisfy(each -> assertThat(each.getString("level")).isEqualToIgnoringCase("error"));
    }
  }

  private static void until(TestingLog log, BooleanSupplier wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s", log.lines()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
