package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProvidersTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient administrator;
  private static TestingClient reader;

  @BeforeAll
  static void join() {
    administrator = server.newcomer();
    reader = server.newcomer();
  }

  @Test
  void a_key_that_is_not_accepted_is_seen_and_asked_again_once_it_is_mended() {
    assertThat(openai().getJsonObject("standing").getString("state")).isEqualTo("closed");
    server.provider().plays(Script.refusing(401, "invalid_request_error", "invalid_api_key", "no"));
    assertThat(send().error(400)).isEqualTo("E_LLM_INVALID_KEY");
    JsonObject standing = openai().getJsonObject("standing");
    assertThat(standing.getString("state")).isEqualTo("open");
    assertThat(standing.getString("reason")).isEqualTo("invalid_key");
    assertThat(standing.getInteger("failures")).isEqualTo(1);
    assertThat(standing.getString("next_probe_at")).isNotNull();
    int asked = server.provider().requests().size();
    assertThat(send().error(400)).isEqualTo("E_LLM_INVALID_KEY");
    assertThat(server.provider().requests()).hasSize(asked);

    administrator.ask("POST", "/admin/providers/" + standing.getString("id") + "/reset").is(204);
    send().is(200);
    assertThat(openai().getJsonObject("standing").getString("state")).isEqualTo("closed");
    assertThat(openai().getJsonArray("models").getJsonObject(0).getString("model_name"))
        .isEqualTo("gpt-6-luna");
    assertThat(openai().encode()).doesNotContain("sk-testing");
  }

  @Test
  void only_administrators_see_and_mend() {
    assertThat(reader.get("/admin/providers").error(403)).isEqualTo("E_FORBIDDEN");
    String id = openai().getJsonObject("standing").getString("id");
    assertThat(reader.ask("POST", "/admin/providers/" + id + "/reset").error(403))
        .isEqualTo("E_FORBIDDEN");
    assertThat(
            administrator
                .ask("POST", "/admin/providers/" + TestingClient.unknown() + "/reset")
                .error(404))
        .isEqualTo("E_NOT_FOUND");
  }

  @Test
  void calls_are_counted_by_provider_model_and_outcome() {
    send();
    assertThat(server.anybody().get("/metrics").is(200).text())
        .contains("lectern_llm_attempts_total{", "lectern_llm_breakers{");
  }

  private static TestingClient.Reply send() {
    return reader.post("/conversations/messages", reader.question("Why?"));
  }

  private static JsonObject openai() {
    JsonArray all = administrator.get("/admin/providers").json().getJsonArray("data");
    return all.stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("provider").equals("openai"))
        .findFirst()
        .orElseThrow();
  }
}
