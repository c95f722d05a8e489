package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import lectern.TestingClient.Reply;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers' own keys and servers, over HTTP, from the form to the provider's door. */
class KeysTest {
  private static final String LIST =
      "{\"object\":\"list\",\"data\":[{\"id\":\"their-model\",\"max_model_len\":4096},"
          + "{\"id\":\"text-embed-1\"}]}";

  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient reader;

  @BeforeEach
  void begin() {
    reader = server.newcomer();
  }

  @Test
  void an_own_key_is_used_before_the_servers_costs_no_budget_and_becomes_valid() {
    String key = fresh();
    put("openai", key);
    assertThat(model().getJsonArray("key_modes")).hasSize(3);
    JsonObject usage = asked("auto", Script.answering("Hello")).getJsonObject("usage");
    assertThat(lastKey()).isEqualTo(key);
    assertThat(usage.getString("key_mode_used")).isEqualTo("byok");
    until("valid");
    assertThat(
            count(
                "generation where key_mode_used = 'byok' and reserved_tokens = 0 and user_id = '"
                    + me()
                    + "'"))
        .isOne();
  }

  @Test
  void the_key_mode_decides_whose_key_is_used() {
    assertThat(send("byok_only").error(400)).isEqualTo("E_LLM_NO_KEY");
    asked("platform_only", Script.answering("a"));
    assertThat(lastKey()).isEqualTo("sk-testing");
    asked("auto", Script.answering("b"));
    assertThat(lastKey()).isEqualTo("sk-testing");
    String key = fresh();
    String id = put("openai", key);
    asked("byok_only", Script.answering("c"));
    assertThat(lastKey()).isEqualTo(key);
    asked("platform_only", Script.answering("d"));
    assertThat(lastKey()).isEqualTo("sk-testing");
    reader.delete("/keys/" + id).is(204);
    assertThat(send("byok_only").error(400)).isEqualTo("E_LLM_NO_KEY");
    asked("auto", Script.answering("e"));
    assertThat(lastKey()).isEqualTo("sk-testing");
  }

  @Test
  void a_key_the_provider_refuses_becomes_invalid_and_is_not_used_again() {
    put("openai", fresh());
    server.provider().plays(refusing(401));
    assertThat(send("auto").error(400)).isEqualTo("E_LLM_INVALID_KEY");
    until("invalid");
    assertThat(send("byok_only").error(400)).isEqualTo("E_LLM_NO_KEY");
    asked("auto", Script.answering("again"));
    assertThat(lastKey()).isEqualTo("sk-testing");
  }

  @Test
  void a_key_or_a_server_that_tests_well_is_asked_at_once() {
    String path = "/keys/" + put("openai", fresh()) + "/test";
    server.provider().plays(refusing(401));
    assertThat(send("auto").error(400)).isEqualTo("E_LLM_INVALID_KEY");
    until("invalid");
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    assertThat(tested(path)).isEqualTo("works");
    assertThat(asked("byok_only", Script.answering("mended")).getString("content"))
        .isEqualTo("mended");

    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    String id = reader.post("/connections", connection("Mine", fresh())).data(201).getString("id");
    JsonObject question = question("auto").put("model_id", own(reader).getFirst().getString("id"));
    server.provider().plays(Script.refusing(402, "x", null, "Pay."));
    assertThat(reader.post("/conversations/messages", question).error(429))
        .isEqualTo("E_LLM_QUOTA_EXCEEDED");
    assertThat(reader.post("/conversations/messages", question).error(429))
        .as("it rests")
        .isEqualTo("E_LLM_QUOTA_EXCEEDED");
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    assertThat(tested("/connections/" + id + "/test")).isEqualTo("works");
    server.provider().plays(Script.answering("paid"));
    reader.post("/conversations/messages", question).is(200);
  }

  @Test
  void a_key_that_was_replaced_meanwhile_is_not_judged_by_the_old_ones_call() {
    String first = fresh();
    put("openai", first);
    Promise<Void> on = Promise.promise();
    server
        .provider()
        .plays(Script.stream().text("a").pauseUntil(on.future()).finish("stop").done());
    TestingStream stream = reader.stream("/conversations/messages?stream=1", question("auto"));
    awaitRequestWith(first);
    put("openai", fresh());
    on.complete();
    stream.toEnd();
    asked("platform_only", Script.answering("b"));
    assertThat(key().getString("status")).isEqualTo("untested");
  }

  @Test
  void a_test_says_whether_the_provider_takes_the_key_and_no_more_than_it_knows() {
    String path = "/keys/" + put("openai", fresh()) + "/test";
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    assertThat(tested(path)).isEqualTo("works");
    assertThat(server.provider().requests().getLast().path()).isEqualTo("/v1/models");
    assertThat(key().getString("status")).isEqualTo("valid");
    for (Script unproven : List.of(refusing(403), refusing(500), refusing(429), redirect())) {
      server.provider().plays(unproven);
      assertThat(tested(path)).isEqualTo("unproven");
      assertThat(key().getString("status")).isEqualTo("valid");
    }
    server.provider().plays(refusing(401));
    assertThat(tested(path)).isEqualTo("rejected");
    assertThat(key().getString("status")).isEqualTo("invalid");
    assertThat(server.newcomer().ask("POST", path).error(404)).isEqualTo("E_KEY_NOT_FOUND");
    reader.delete(path.replace("/test", "")).is(204);
    assertThat(reader.ask("POST", path).error(400)).isEqualTo("E_LLM_NO_KEY");
  }

  @Test
  void a_reader_asks_a_server_of_their_own_which_nobody_else_sees() {
    String key = fresh();
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    JsonObject connection = reader.post("/connections", connection("Mine", key)).data(201);
    assertThat(connection.getString("status")).isEqualTo("valid");
    assertThat(connection.getInteger("model_count")).isOne();
    JsonObject model = own(reader).getFirst();
    assertThat(model.getString("model_name")).isEqualTo("their-model");
    assertThat(model.getJsonObject("connection").getString("name")).isEqualTo("Mine");
    assertThat(model.getJsonArray("key_modes"))
        .isEqualTo(new JsonArray(List.of("auto", "byok_only")));
    TestingClient stranger = server.newcomer();
    assertThat(own(stranger)).isEmpty();
    JsonObject question = question("auto").put("model_id", model.getString("id"));
    assertThat(stranger.post("/conversations/messages", question).error(400))
        .isEqualTo("E_MODEL_NOT_AVAILABLE");

    server.provider().plays(Script.answering("From my server"));
    JsonObject answer =
        reader
            .post("/conversations/messages", question)
            .data(200)
            .getJsonObject("assistant_message");
    assertThat(answer.getString("content")).isEqualTo("From my server");
    assertThat(answer.getJsonObject("usage").getString("provider")).isEqualTo("connection");
    assertThat(lastKey()).isEqualTo(key);
    assertThat(server.provider().requests().getLast().header("host")).startsWith("localhost:");

    String path = "/connections/" + connection.getString("id");
    for (String name : List.of("another", "a-third")) {
      server
          .provider()
          .plays(Script.status(200, "application/json").bytes(LIST.replace("their-model", name)));
      assertThat(tested(path + "/test")).isEqualTo("works");
      assertThat(own(reader))
          .extracting(each -> each.getString("model_name"))
          .containsExactly(name);
    }
    assertThat(count("models where model_name = 'their-model' and not is_available")).isOne();
    assertThat(count("models where model_name = 'another'")).isZero();
    assertThat(stranger.delete(path).error(404)).isEqualTo("E_CONNECTION_NOT_FOUND");
    reader.delete(path).is(204);
    assertThat(own(reader)).isEmpty();
    assertThat(reader.get("/messages/" + answer.getString("id")).data(200).getString("content"))
        .isEqualTo("From my server");
  }

  @Test
  void a_server_that_was_not_asked_for_a_day_is_asked_once_when_its_models_are_looked_at() {
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    String id = reader.post("/connections", connection("Mine", fresh())).data(201).getString("id");
    int asked = server.provider().requests().size();
    reader.get("/models").is(200);
    age(id);
    server
        .provider()
        .plays(Script.status(200, "application/json").bytes(LIST.replace("their-model", "newer")));
    assertThat(own(reader)).as("what is known is told at once").hasSize(1);
    reader.until("/models", reply -> reply.text().contains("\"newer\""));
    reader.get("/connections").is(200);
    assertThat(own(reader)).hasSize(1);
    assertThat(server.provider().requests()).hasSize(asked + 1);

    age(id);
    server.provider().plays(refusing(503));
    reader.get("/connections").is(200);
    reader.until("/connections", reply -> reply.text().contains("overloaded"));
    reader.get("/models").is(200);
    assertThat(own(reader)).extracting(model -> model.getString("model_name")).contains("newer");
    assertThat(server.provider().requests()).hasSize(asked + 2);
  }

  private static void age(String connection) {
    await(
        server
            .database
            .pool()
            .query(
                "update user_connection set models_asked_at = now() - interval '25 hours'"
                    + " where id = '"
                    + connection
                    + "'")
            .execute());
  }

  @Test
  void who_tests_without_end_is_told_to_wait() {
    String path = "/keys/" + TestingClient.unknown() + "/test";
    for (int i = 0; i < 20; i++) {
      assertThat(reader.ask("POST", path).error(404)).isEqualTo("E_KEY_NOT_FOUND");
    }
    Reply limited = reader.ask("POST", path);
    assertThat(limited.error(429)).isEqualTo("E_RATE_LIMITED");
    assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 60);
    assertThat(reader.post("/connections", connection("Mine", fresh())).error(429))
        .isEqualTo("E_RATE_LIMITED");
    server.newcomer().ask("POST", path).is(404);
  }

  @Test
  void a_key_does_not_follow_to_another_address() {
    String key = fresh();
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    String path =
        "/connections/"
            + reader.post("/connections", connection("Mine", key)).data(201).getString("id");
    JsonObject elsewhere =
        new JsonObject().put("base_url", "http://localhost:" + server.provider().port() + "/v2");
    Reply refused = reader.ask("PATCH", path, elsewhere);
    assertThat(refused.error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(refused.details().getString("field")).isEqualTo("api_key");
    server.provider().plays(Script.status(200, "application/json").bytes(LIST));
    JsonObject moved = reader.ask("PATCH", path, elsewhere.copy().putNull("api_key")).data(200);
    assertThat(moved.getString("key_fingerprint")).isNull();
    assertThat(server.provider().requests().getLast().header("authorization")).isNull();
    assertThat(reader.post("/connections", connection("Mine", key)).error(409))
        .isEqualTo("E_NAME_TAKEN");
    for (String wrong :
        List.of("ftp://x/v1", "http://u:p@localhost/v1", "nonsense", "http://h/?q=1")) {
      assertThat(
              reader
                  .post("/connections", connection("Other", key).put("base_url", wrong))
                  .error(400))
          .isEqualTo("E_INVALID_REQUEST");
    }
    assertThat(
            reader
                .post(
                    "/connections",
                    connection("Cloud", key).put("base_url", "http://169.254.169.254/v1"))
                .error(403))
        .isEqualTo("E_SSRF_BLOCKED");
  }

  private static String fresh() {
    return "sk-canary-" + UUID.randomUUID();
  }

  private String put(String provider, String key) {
    Reply reply =
        reader.post("/keys", new JsonObject().put("provider", provider).put("api_key", key));
    return reply.data(reply.status()).getString("id");
  }

  private JsonObject key() {
    return reader.get("/keys").list(200).getJsonObject(0);
  }

  private void until(String status) {
    reader.until(
        "/keys", reply -> reply.list(200).getJsonObject(0).getString("status").equals(status));
  }

  private JsonObject connection(String name, String key) {
    return new JsonObject()
        .put("name", name)
        .put("base_url", "http://localhost:" + server.provider().port() + "/v1")
        .put("api_key", key);
  }

  private static List<JsonObject> own(TestingClient who) {
    return who.get("/models").list(200).stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("provider").equals("connection"))
        .toList();
  }

  private JsonObject model() {
    String id = reader.model();
    return reader.get("/models").list(200).stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private String tested(String path) {
    return reader.ask("POST", path).data(200).getString("result");
  }

  private JsonObject asked(String mode, Script script) {
    server.provider().plays(script);
    return send(mode).data(200).getJsonObject("assistant_message");
  }

  private Reply send(String mode) {
    return reader.post("/conversations/messages", question(mode));
  }

  private JsonObject question(String mode) {
    return reader.question("Whose key is it?").put("key_mode", mode);
  }

  private static void awaitRequestWith(String key) {
    String wanted = "Bearer " + key;
    while (!wanted.equals(server.provider().nextRequest().header("authorization"))) {
      // Those of earlier questions are passed over.
    }
  }

  private static String lastKey() {
    return server.provider().requests().getLast().header("authorization").replace("Bearer ", "");
  }

  private static Script refusing(int status) {
    return Script.refusing(status, null, null, "no");
  }

  private static Script redirect() {
    return Script.status(302, "text/plain").header("location", "http://127.0.0.1:1/stolen");
  }

  private String me() {
    return reader.get("/me").data(200).getJsonObject("user").getString("id");
  }

  private static long count(String from) {
    return server.count(from);
  }
}
