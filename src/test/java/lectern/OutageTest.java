package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  @Test
  void a_question_stored_as_its_connection_breaks_does_not_block_its_conversation() {
    TestingClient reader = server.newcomer();
    JsonObject question = reader.question("Heard?");
    String conversation = reader.ask("POST", "/conversations").data(201).getString("id");
    String path = "/conversations/" + conversation + "/messages";
    String viewer = reader.get("/me").data(200).getJsonObject("user").getString("id");
    int asked = server.provider().requests().size();
    SqlConnection other = await(server.database.pool().getConnection());
    await(other.query("select pg_advisory_lock(" + turnstileOf(viewer) + ")").execute());
    CompletableFuture<TestingClient.Reply> lost =
        CompletableFuture.supplyAsync(() -> reader.post(path, question));
    awaitRows("pg_locks where locktype = 'advisory' and not granted");
    server.cable().cut();
    assertThat(lost.join().error(503)).isEqualTo("E_UNAVAILABLE");
    await(other.query("select pg_advisory_unlock(" + turnstileOf(viewer) + ")").execute());
    await(other.close());
    awaitRows("message where status = 'pending' and conversation_id = '" + conversation + "'");
    server.cable().mend();

    reader.until(path, reply -> reply.status() == 200);
    assertThat(reader.post(path, question).error(409)).isEqualTo("E_CONVERSATION_BUSY");
    server.database.execute("update generation set created_at = created_at - interval '1 minute'");
    reader.until(path, reply -> answerIn(reply).getString("status").equals("error"));
    assertThat(answerIn(reader.get(path)).getString("error_code")).isEqualTo("E_ORPHANED_PENDING");
    assertThat(server.provider().requests()).hasSize(asked);
    reader.post(path, question).is(200);
  }

  /** The lock that a reader's sends pass one at a time. */
  private static String turnstileOf(String viewer) {
    return "hashtextextended('send %s', 0)".formatted(viewer);
  }

  private static JsonObject answerIn(TestingClient.Reply messages) {
    return messages.list(200).getJsonObject(1);
  }

  private static void awaitRows(String table) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.count(table) == 0) {
      assertThat(System.nanoTime()).as("still none in %s", table).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
