package lectern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.TestingLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Keys that would be known again, stored, tested, used, repeated by the provider in every kind of
 * failure, sealed anew and removed; then looked for in the database, the log, the metrics and every
 * answer of the API. What is left of them in memory is the affair of {@link KeysInMemoryTest}.
 */
class CanariesTest {
  private static final String SERVERS = "sk-testing";
  private static final String LIST = "{\"data\":[{\"id\":\"their-model\"}]}";

  @RegisterExtension static final TestingServer server = new TestingServer();

  private final String own = "sk-canary-" + UUID.randomUUID();
  private final String connected = "sk-canary-" + UUID.randomUUID();
  private final List<Reply> replies = new ArrayList<>();
  private final TestingClient administrator = server.newcomer();
  private final TestingClient reader = server.newcomer();

  @Test
  void no_word_of_a_key_stays_anywhere_but_at_the_provider() {
    try (TestingLog log = new TestingLog()) {
      stored();
      used();
      read();
      rotated();
      read();
      removed();
      log.assertSaysNothingOf(own, connected, SERVERS);
      assertThat(log.lines("llm.request.failed")).hasSizeGreaterThanOrEqualTo(8);
    }
    assertThat(replies)
        .hasSizeGreaterThan(30)
        .noneMatch(reply -> Stream.of(own, connected, SERVERS).anyMatch(said(reply)::contains));
    assertThat(dump())
        .doesNotContain(own, connected, SERVERS, hex(own), hex(connected), hex(SERVERS));
  }

  private static String said(Reply reply) {
    return reply.headers() + reply.text();
  }

  private void stored() {
    JsonObject put = new JsonObject().put("provider", "openai").put("api_key", own);
    replies.add(reader.post("/keys", put).is(201));
    replies.add(reader.post("/keys", put.copy().put("provider", "else")));
    replies.add(reader.post("/keys", put.copy().put("api_key", own + " x")));
    replies.add(reader.post("/keys", put.copy().put("surplus", own)));
    JsonObject connection =
        new JsonObject()
            .put("name", "Canary")
            .put("base_url", "http://localhost:" + server.provider().port() + "/v1")
            .put("api_key", connected);
    server.provider().plays(list());
    replies.add(reader.post("/connections", connection).is(201));
    replies.add(reader.post("/connections", connection));
    replies.add(reader.post("/connections", connection.copy().put("base_url", connected)));
  }

  /**
   * Each key answered with, and then repeated in a failure before and in the midst of an answer.
   */
  private void used() {
    server.provider().plays(list(), echo(500, own), list(), echo(403, connected));
    for (String path : List.of(keyPath(), keyPath(), connectionPath(), connectionPath())) {
      replies.add(reader.ask("POST", path + "/test").is(200));
    }
    asked(question(reader.model(), "platform_only"), SERVERS);
    asked(question(reader.model(), "byok_only"), own);
    asked(question(theirs(), "auto"), connected);
  }

  private void asked(JsonObject question, String key) {
    server
        .provider()
        .plays(
            Script.answering("Hello"),
            echo(400, key),
            Script.stream().text("Hel").bytes("data: " + error(key) + "\n\n"),
            echo(401, key));
    for (int i = 0; i < 4; i++) {
      replies.add(reader.post("/conversations/messages", question));
      assertThat(server.provider().requests().getLast().header("authorization"))
          .isEqualTo("Bearer " + key);
    }
  }

  private void read() {
    for (String path :
        List.of(
            "/keys", "/connections", "/models", "/conversations", "/metrics", "/openapi.yaml")) {
      replies.add(reader.get(path).is(200));
    }
    for (String path : List.of("/admin/providers", "/admin/models")) {
      replies.add(administrator.get(path).is(200));
    }
    for (Object one : reader.get("/conversations").list(200)) {
      String id = ((JsonObject) one).getString("id");
      replies.add(reader.get("/conversations/" + id + "/messages").is(200));
    }
  }

  /** By the command, beside the server, and back by the server itself. */
  private void rotated() {
    assertThat(KeyRotationTest.rotate(server, 2, 0).sealed()).isEqualTo(2);
    replies.add(administrator.ask("POST", "/admin/keys/rotate").is(200));
    assertThat(KeyRotationTest.rotate(server, 0, 2).sealed()).isEqualTo(2);
    server.provider().plays(list(), list());
    replies.add(reader.ask("POST", keyPath() + "/test").is(200));
    replies.add(reader.ask("POST", connectionPath() + "/test").is(200));
    server.provider().plays(Script.answering("a"), Script.answering("b"));
    replies.add(
        reader.post("/conversations/messages", question(reader.model(), "byok_only")).is(200));
    replies.add(reader.post("/conversations/messages", question(theirs(), "auto")).is(200));
  }

  private void removed() {
    replies.add(reader.delete(keyPath()).is(204));
    replies.add(reader.delete(connectionPath()).is(204));
  }

  private String keyPath() {
    return "/keys/" + reader.get("/keys").list(200).getJsonObject(0).getString("id");
  }

  private String connectionPath() {
    return "/connections/" + reader.get("/connections").list(200).getJsonObject(0).getString("id");
  }

  private String theirs() {
    return reader.get("/models").list(200).stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("model_name").equals("their-model"))
        .findFirst()
        .orElseThrow()
        .getString("id");
  }

  private static JsonObject question(String model, String mode) {
    return new JsonObject()
        .put("content", "Whose key is it?")
        .put("model_id", model)
        .put("key_mode", mode);
  }

  private static Script list() {
    return Script.status(200, "application/json").bytes(LIST);
  }

  private static Script echo(int status, String key) {
    return Script.status(status, "application/json")
        .header("x-request-id", "Bearer " + key)
        .bytes(error(key));
  }

  private static String error(String key) {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", "Incorrect API key provided: " + key)
                .put("type", "server_error")
                .put("param", key))
        .encode();
  }

  /** Every row of every table as text, bytes in hexadecimal. */
  private static String dump() {
    StringBuilder dump = new StringBuilder();
    for (Row table :
        await(
            server
                .database
                .pool()
                .query("select tablename from pg_tables where schemaname = 'public'")
                .execute())) {
      String name = table.getString(0);
      for (Row row :
          await(server.database.pool().query("select t::text from \"" + name + "\" t").execute())) {
        dump.append(name).append(' ').append(row.getString(0)).append('\n');
      }
    }
    assertThat(dump).contains("user_api_key", "message_llm", "master_key");
    return dump.toString();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
