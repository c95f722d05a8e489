package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers name who answers when the chosen model does not, over HTTP and to the model server. */
class StandInsTest {
  private static final String CHOSEN = "gpt-6-luna";

  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient administrator;
  private TestingClient reader;

  @BeforeAll
  static void administer() {
    administrator = server.newcomer();
  }

  @BeforeEach
  void begin() {
    reader = server.newcomer();
    mend();
  }

  @Test
  void the_one_a_reader_named_answers_and_the_answer_says_so() {
    name("gpt-6-sol", "extracts");
    server.provider().plays(unknown(), Script.answering("From the other"));
    JsonObject answer = answered("Why?");
    assertThat(answer.getString("content")).isEqualTo("From the other");
    JsonObject usage = answer.getJsonObject("usage");
    assertThat(asked()).endsWith(CHOSEN, "gpt-6-sol");
    assertThat(usage.getString("key_mode_used")).isEqualTo("platform");
    assertThat(outcomes(usage)).containsExactly(CHOSEN + " failed", "gpt-6-sol answered");
  }

  @Test
  void nobody_else_s_choice_is_anybody_s_and_none_is_asked_once_it_is_taken_back() {
    name("gpt-6-sol");
    server.provider().plays(unknown());
    TestingClient other = server.newcomer();
    assertThat(other.post("/conversations/messages", question("Why?")).error(400))
        .isEqualTo("E_MODEL_NOT_AVAILABLE");
    mend();
    name();
    server.provider().plays(unknown());
    assertThat(reader.post("/conversations/messages", question("Why?")).error(400))
        .isEqualTo("E_MODEL_NOT_AVAILABLE");
    assertThat(reader.get("/stand_ins").data(200).getJsonArray("model_ids")).isEmpty();
  }

  @Test
  void one_that_needs_no_key_costs_no_budget() {
    name("extracts");
    server.provider().plays(unknown());
    JsonObject usage = answered("Why?").getJsonObject("usage");
    assertThat(usage.getString("provider")).isEqualTo("extracts");
    assertThat(usage.getString("key_mode_used")).isEqualTo("none");
    String me = reader.get("/me").data(200).getJsonObject("user").getString("id");
    String mine = "generation where reserved_tokens > 0 and user_id = '" + me + "'";
    assertThat(server.count(mine)).isOne();
    assertThat(server.count(mine + " and spent_tokens = 0")).isOne();
  }

  @Test
  void one_that_cannot_read_all_of_the_question_is_not_asked() {
    name("gpt-6-sol");
    String small = "/admin/models/" + id("gpt-6-sol");
    administrator.ask("PATCH", small, new JsonObject().put("max_context_tokens", 12_000)).is(200);
    server.provider().plays(unknown());
    assertThat(reader.post("/conversations/messages", question("書".repeat(9_000))).error(400))
        .isEqualTo("E_MODEL_NOT_AVAILABLE");
    assertThat(asked()).endsWith(CHOSEN);
    mend();
    server.provider().plays(unknown(), Script.answering("Short enough"));
    assertThat(answered("書".repeat(2_000)).getString("content")).isEqualTo("Short enough");
    administrator.ask("PATCH", small, new JsonObject().putNull("max_context_tokens")).is(200);
  }

  @Test
  void what_cannot_be_named_is_refused_and_what_was_named_stays() {
    name("gpt-6-sol");
    TestingClient other = server.newcomer();
    server
        .provider()
        .plays(
            Script.status(200, "application/json")
                .bytes("{\"object\":\"list\",\"data\":[{\"id\":\"their-model\"}]}"));
    other
        .post(
            "/connections",
            new JsonObject()
                .put("name", "Mine")
                .put("base_url", server.provider().baseUrl().toString()))
        .is(201);
    String theirs = id(other, "their-model");
    for (String unknown : List.of(theirs, TestingClient.unknown())) {
      assertThat(put(reader, List.of(unknown)).error(400)).isEqualTo("E_MODEL_NOT_AVAILABLE");
    }
    assertThat(put(other, List.of(theirs)).data(200).getJsonArray("model_ids"))
        .containsExactly(theirs);
    String sol = id("gpt-6-sol");
    assertThat(put(reader, List.of(sol, sol)).error(400)).isEqualTo("E_INVALID_REQUEST");
    List<String> four =
        Stream.of(CHOSEN, "gpt-6-sol", "extracts", "gpt-6-astra").map(this::id).toList();
    assertThat(put(reader, four).error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(reader.get("/stand_ins").data(200).getJsonArray("model_ids")).containsExactly(sol);
  }

  /** Closes what the scripts of another test opened. */
  private static void mend() {
    administrator.get("/admin/providers").list(200).stream()
        .map(JsonObject.class::cast)
        .flatMap(
            one ->
                Stream.concat(
                    Stream.of(one.getJsonObject("standing")),
                    one.getJsonArray("models").stream()
                        .map(model -> ((JsonObject) model).getJsonObject("standing"))))
        .forEach(
            standing ->
                administrator
                    .ask("POST", "/admin/providers/" + standing.getString("id") + "/reset")
                    .is(204));
  }

  private static Script unknown() {
    return Script.refusing(404, "invalid_request_error", "model_not_found", "no");
  }

  private void name(String... models) {
    put(reader, Stream.of(models).map(this::id).toList()).is(200);
  }

  private static TestingClient.Reply put(TestingClient who, List<String> models) {
    return who.ask("PUT", "/stand_ins", new JsonObject().put("model_ids", new JsonArray(models)));
  }

  private JsonObject question(String content) {
    return new JsonObject().put("content", content).put("model_id", id(CHOSEN));
  }

  private JsonObject answered(String content) {
    return reader
        .post("/conversations/messages", question(content))
        .data(200)
        .getJsonObject("assistant_message");
  }

  private String id(String model) {
    return id(reader, model);
  }

  private static String id(TestingClient who, String model) {
    return who.get("/models").list(200).stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("model_name").equals(model))
        .findFirst()
        .orElseThrow()
        .getString("id");
  }

  /** The models the model server was asked for. */
  private static List<String> asked() {
    return server.provider().requests().stream()
        .filter(request -> !request.path().endsWith("/models"))
        .map(request -> request.json().getString("model"))
        .toList();
  }

  private static List<String> outcomes(JsonObject usage) {
    return usage.getJsonArray("attempts").stream()
        .map(JsonObject.class::cast)
        .map(attempt -> attempt.getString("model_name") + " " + attempt.getString("outcome"))
        .toList();
  }
}
