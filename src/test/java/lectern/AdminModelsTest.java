package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an administrator makes of the models, and what readers see of it. */
class AdminModelsTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient admin;
  private static TestingClient reader;

  @BeforeAll
  static void begin() {
    admin = server.newcomer();
    reader = server.newcomer();
  }

  @Test
  void only_administrators_administer() {
    assertThat(reader.get("/admin/models").error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(reader.post("/admin/models", model("x")).error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(reader.ask("POST", "/admin/keys/rotate").error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(server.anybody().get("/admin/models").error(401)).isEqualTo("E_UNAUTHENTICATED");
  }

  @Test
  void what_is_set_wins_over_the_catalogue_stays_after_a_restart_and_can_be_taken_back() {
    JsonObject before = listed("gpt-6-astra").orElseThrow();
    String path = "/admin/models/" + before.getString("id");
    JsonObject set =
        new JsonObject()
            .put("display_name", "The big one")
            .put("max_context_tokens", 50_000)
            .put(
                "prices",
                List.of(new JsonObject().put("above", 0).put("input", 1.5).put("output", 3)));
    JsonObject after = admin.ask("PATCH", path, set).data(200);
    assertThat(after.getJsonArray("set"))
        .isEqualTo(new JsonArray(List.of("display_name", "max_context_tokens", "prices")));
    server.restart();
    JsonObject seen = offered("gpt-6-astra").orElseThrow();
    assertThat(seen.getString("display_name")).isEqualTo("The big one");
    assertThat(seen.getInteger("max_context_tokens")).isEqualTo(50_000);
    assertThat(seen.getInteger("max_output_tokens")).isEqualTo(50_000);
    assertThat(seen.getJsonArray("prices").getJsonObject(0).getDouble("input")).isEqualTo(1.5);
    JsonObject back =
        new JsonObject().putNull("display_name").putNull("max_context_tokens").putNull("prices");
    admin.ask("PATCH", path, back).is(200);
    assertThat(listed("gpt-6-astra")).hasValue(before);
  }

  @Test
  void a_hidden_model_is_not_offered_and_not_asked() {
    String id = listed("gpt-6-sol").orElseThrow().getString("id");
    admin.ask("PATCH", "/admin/models/" + id, new JsonObject().put("hidden", true)).is(200);
    assertThat(offered("gpt-6-sol")).isEmpty();
    JsonObject question = new JsonObject().put("content", "Q").put("model_id", id);
    assertThat(reader.post("/conversations/messages", question).error(400))
        .isEqualTo("E_MODEL_NOT_AVAILABLE");
    admin.ask("PATCH", "/admin/models/" + id, new JsonObject().put("hidden", false)).is(200);
    assertThat(offered("gpt-6-sol")).isPresent();
  }

  @Test
  void a_model_the_catalogue_does_not_know_can_be_added_and_asked() {
    String id = admin.post("/admin/models", model("gpt-7-new")).data(201).getString("id");
    assertThat(admin.post("/admin/models", model("gpt-7-new")).error(409))
        .isEqualTo("E_MODEL_EXISTS");
    assertThat(admin.post("/admin/models", model("gpt-6-sol")).error(409))
        .isEqualTo("E_MODEL_EXISTS");
    assertThat(offered("gpt-7-new").orElseThrow().getBoolean("available")).isTrue();
    server.provider().plays(Script.answering("New"));
    JsonObject question = new JsonObject().put("content", "Q").put("model_id", id);
    reader.post("/conversations/messages", question).is(200);
    assertThat(server.provider().requests().getLast().json().getString("model"))
        .isEqualTo("gpt-7-new");
    assertThat(
            admin.post("/admin/models", model("y").put("max_output_tokens", 2_000_000)).error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  @Test
  void a_model_named_to_stand_in_is_shown_and_must_be_another_one_of_this_server() {
    String id = listed("gpt-6-luna").orElseThrow().getString("id");
    String other = listed("gpt-5.6-luna").orElseThrow().getString("id");
    String path = "/admin/models/" + id;
    admin.ask("PATCH", path, new JsonObject().put("fallback_model_id", other)).is(200);
    assertThat(offered("gpt-6-luna").orElseThrow().getString("fallback_model_id")).isEqualTo(other);
    assertThat(admin.ask("PATCH", path, new JsonObject().put("fallback_model_id", id)).error(400))
        .isEqualTo("E_INVALID_REQUEST");
    admin.ask("PATCH", path, new JsonObject().putNull("fallback_model_id")).is(200);
    assertThat(offered("gpt-6-luna").orElseThrow().getString("fallback_model_id")).isNull();
  }

  private static JsonObject model(String name) {
    return new JsonObject()
        .put("provider", "openai")
        .put("model_name", name)
        .put("max_context_tokens", 100_000)
        .put("max_output_tokens", 10_000);
  }

  private static Optional<JsonObject> listed(String name) {
    return find(admin.get("/admin/models").list(200), name);
  }

  private static Optional<JsonObject> offered(String name) {
    return find(reader.get("/models").list(200), name);
  }

  private static Optional<JsonObject> find(JsonArray models, String name) {
    return models.stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("model_name").equals(name))
        .findFirst();
  }
}
