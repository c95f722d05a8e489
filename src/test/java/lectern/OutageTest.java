package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The database goes away while answers grow, and comes back. */
class OutageTest {
  private static final String STREAMED = "/conversations/messages?stream=1";

  @RegisterExtension
  static final TestingServer server = new TestingServer().whoseDatabaseCanBeCutOff();

  @Test
  void an_answer_that_ends_while_the_database_is_away_is_stored_and_told_when_it_is_back() {
    TestingClient reader = server.newcomer();
    Promise<Void> on = Promise.promise();
    Script script =
        Script.stream().text("All ").pauseUntil(on.future()).text("of it.").finish("stop").done();
    server.provider().plays(script);
    int before = server.provider().requests().size();
    JsonObject question = reader.question("Why?");
    Map<String, String> key = Map.of("Idempotency-Key", "once");
    TestingStream stream = reader.stream(STREAMED, question, key);
    String answer = stream.next("meta").data().getString("assistant_message_id");
    stream.untilText("All ");

    server.cable().cut();
    on.complete();
    stream.untilText("All of it.");
    assertThat(reader.get("/health/ready").status()).isEqualTo(503);
    assertThat(reader.get("/messages/" + answer).error(503)).isEqualTo("E_UNAVAILABLE");
    TestingClient.Reply refused = reader.post("/conversations/messages", question);
    assertThat(refused.error(503)).isEqualTo("E_UNAVAILABLE");
    assertThat(refused.header("Retry-After")).isNotNull();

    server.cable().mend();
    assertThat(stream.done().getString("status")).isEqualTo("complete");
    assertThat(stream.text()).isEqualTo("All of it.");
    JsonObject stored = reader.get("/messages/" + answer).data(200);
    assertThat(stored.getString("status")).isEqualTo("complete");
    assertThat(stored.getString("content")).isEqualTo("All of it.");
    TestingStream again = reader.stream(STREAMED, question, key);
    assertThat(again.next("meta").data().getString("assistant_message_id")).isEqualTo(answer);
    assertThat(again.done().getString("status")).isEqualTo("complete");
    assertThat(server.provider().requests()).hasSize(before + 1);
  }
}
