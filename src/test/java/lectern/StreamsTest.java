package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import lectern.TestingClient.Reply;
import lectern.TestingStream.Event;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {
  private static final String FIRST = "/conversations/messages";
  private static final String STREAMED = FIRST + "?stream=1";

  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient reader;

  @BeforeEach
  void open() {
    reader = server.newcomer();
  }

  private TestingStream asked() {
    return reader.stream(STREAMED, reader.question("Why?"));
  }

  private static String answerOf(Event meta) {
    return meta.data().getString("assistant_message_id");
  }

  private JsonObject message(String id) {
    return reader.get("/messages/" + id).data(200);
  }

  private JsonObject ended(String id) {
    return reader
        .until("/messages/" + id, reply -> !reply.data(200).getString("status").equals("pending"))
        .data(200);
  }

  // Coming back

  @Test
  void from_every_event_on_a_stream_resumes_with_exactly_the_rest() {
    Promise<Void> second = Promise.promise();
    Promise<Void> third = Promise.promise();
    server
        .provider()
        .plays(
            Script.stream()
                .text("Ein ")
                .pauseUntil(second.future())
                .text("Wort 🌲")
                .pauseUntil(third.future())
                .text(" mehr")
                .finish("stop")
                .done());
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    stream.untilText("Ein ");
    second.complete();
    stream.untilText("Ein Wort 🌲");
    TestingStream late = reader.watch(answer, null);
    late.next("meta");
    assertThat(late.untilText("Ein Wort 🌲").text()).isEqualTo("Ein Wort 🌲");
    third.complete();
    List<Event> events = stream.toEnd();
    assertThat(stream.text()).isEqualTo("Ein Wort 🌲 mehr");
    assertThat(late.toEnd().getLast().data()).isEqualTo(events.getLast().data());
    assertThat(late.text()).isEqualTo(stream.text());

    StringBuilder before = new StringBuilder();
    for (Event event : events) {
      before.append(event.data().getString("delta", ""));
      TestingStream rest = reader.watch(answer, event.id());
      List<Event> again = rest.toEnd();
      assertThat(again).extracting(Event::type).doesNotContain("reset");
      assertThat(before + rest.text()).isEqualTo(stream.text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.999999", "7.3", "-1.2", "1.-2", "999999.999999999", "1.5"})
  void an_event_id_that_leads_nowhere_starts_over(String id) {
    server.provider().plays(Script.answering("1234🌲 and more"));
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    stream.toEnd();
    TestingStream again = reader.watch(answer, id);
    assertThat(again.done().getString("status")).isEqualTo("complete");
    assertThat(again.text()).isEqualTo("1234🌲 and more");
  }

  @Test
  void an_event_id_inside_a_character_starts_over_while_the_answer_grows_too() {
    Promise<Void> on = Promise.promise();
    server
        .provider()
        .plays(Script.stream().text("🌲").pauseUntil(on.future()).text("!").finish("stop").done());
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    stream.untilText("🌲");
    TestingStream inside = reader.watch(answer, "1.1");
    on.complete();
    inside.toEnd();
    assertThat(inside.text()).isEqualTo("🌲!");
  }

  @Test
  void the_stream_says_where_it_can_be_resumed() {
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    assertThat(stream.header("Content-Location")).isEqualTo("/messages/" + answer + "/stream");
    assertThat(stream.header("Cache-Control")).contains("no-cache").contains("no-transform");
    stream.toEnd();
  }

  @Test
  void a_question_cannot_be_watched() {
    TestingStream stream = asked();
    String question = stream.next("meta").data().getString("user_message_id");
    stream.toEnd();
    assertThat(reader.get("/messages/" + question + "/stream").error(404))
        .isEqualTo("E_MESSAGE_NOT_FOUND");
  }

  // Leaving and stopping

  @Test
  void a_client_that_leaves_does_not_stop_the_answer() {
    Promise<Void> on = Promise.promise();
    server
        .provider()
        .plays(
            Script.stream()
                .text("Half")
                .pauseUntil(on.future())
                .text(" more")
                .finish("stop")
                .done());
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    stream.untilText("Half").close();
    on.complete();
    JsonObject message = ended(answer);
    assertThat(message.getString("status")).isEqualTo("complete");
    assertThat(message.getString("content")).isEqualTo("Half more");
  }

  @Test
  void a_stop_from_another_connection_keeps_the_text_and_ends_the_stream() {
    server.provider().plays(Script.stream().text("Half").stall());
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    stream.untilText("Half");
    JsonObject stopped = reader.ask("POST", "/messages/" + answer + "/stop").data(200);
    assertThat(stopped.getString("status")).isEqualTo("complete");
    assertThat(stopped.getString("finish_reason")).isEqualTo("cancelled");
    assertThat(stopped.getString("content")).isEqualTo("Half");
    assertThat(stream.done().getString("finish_reason")).isEqualTo("cancelled");
    assertThat(reader.ask("POST", "/messages/" + answer + "/stop").data(200)).isEqualTo(stopped);
  }

  @Test
  void a_conversation_deleted_under_a_stream_ends_it() {
    server.provider().plays(Script.stream().text("Half").stall());
    TestingStream stream = asked();
    Event meta = stream.next("meta");
    stream.untilText("Half");
    reader.delete("/conversations/" + meta.data().getString("conversation_id")).is(204);
    stream.done();
    assertThat(reader.get("/messages/" + answerOf(meta)).error(404))
        .isEqualTo("E_MESSAGE_NOT_FOUND");
  }

  // Failing

  @Test
  void a_failure_before_the_first_word_ends_the_stream_with_its_reason() {
    server.provider().plays(Script.refusing(400, "invalid_request_error", null, "no"));
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    JsonObject done = stream.next("done").data();
    assertThat(done.getString("status")).isEqualTo("error");
    assertThat(done.getString("error_code")).isEqualTo("E_LLM_BAD_REQUEST");
    assertThat(done.getString("finish_reason")).isEqualTo("error");
    JsonObject message = message(answer);
    assertThat(message.getString("status")).isEqualTo("error");
    assertThat(message.getString("error_message")).isEqualTo(done.getString("error_message"));
  }

  @Test
  void a_failure_in_the_middle_keeps_what_had_come() {
    server.provider().plays(Script.stream().text("Half an ").cut());
    TestingStream stream = asked();
    String answer = answerOf(stream.next("meta"));
    JsonObject done = stream.done();
    assertThat(stream.text()).isEqualTo("Half an ");
    assertThat(done.getString("error_code")).isEqualTo("E_LLM_INTERRUPTED");
    assertThat(message(answer).getString("content")).isEqualTo("Half an ");
    TestingStream again = reader.watch(answer, null);
    assertThat(again.done()).isEqualTo(done);
    assertThat(again.text()).isEqualTo("Half an ");
  }

  @Test
  void a_plain_send_that_fails_answers_so_and_again_so_under_its_key() {
    server.provider().plays(Script.stream().text("Half").cut());
    JsonObject question = reader.question("Why?");
    Reply failed = keyed(question, "again");
    assertThat(failed.error(503)).isEqualTo("E_LLM_INTERRUPTED");
    JsonObject details = failed.details();
    assertThat(message(details.getString("assistant_message_id")).getString("content"))
        .isEqualTo("Half");
    assertThat(message(details.getString("user_message_id")).getString("content"))
        .isEqualTo("Why?");
    reader.get("/conversations/" + details.getString("conversation_id")).is(200);
    int asked = server.provider().requests().size();
    Reply replayed = keyed(question, "again");
    assertThat(replayed.status()).isEqualTo(failed.status());
    assertThat(withoutRequestId(replayed)).isEqualTo(withoutRequestId(failed));
    assertThat(server.provider().requests()).hasSize(asked);
  }

  private static JsonObject withoutRequestId(Reply reply) {
    JsonObject json = reply.json();
    json.getJsonObject("error").remove("request_id");
    return json;
  }

  // Repeating

  private Reply keyed(JsonObject question, String key) {
    return reader.raw(
        "POST",
        FIRST,
        question.toBuffer(),
        Map.of("Content-Type", "application/json", "Idempotency-Key", key));
  }

  @Test
  void a_repeated_send_answers_alike_plain_and_streamed() {
    server.provider().plays(Script.answering("Once."));
    JsonObject question = reader.question("Why?");
    Reply first = keyed(question, "once");
    Reply again = keyed(question, "once");
    assertThat(again.data(200)).isEqualTo(first.data(200));
    int asked = server.provider().requests().size();
    TestingStream stream = reader.stream(STREAMED, question, Map.of("Idempotency-Key", "once"));
    JsonObject meta = stream.next("meta").data();
    assertThat(meta.getString("provider")).isEqualTo("openai");
    assertThat(meta.getString("assistant_message_id"))
        .isEqualTo(first.data(200).getJsonObject("assistant_message").getString("id"));
    stream.toEnd();
    assertThat(stream.text()).isEqualTo("Once.");
    assertThat(server.provider().requests()).hasSize(asked);
    assertThat(keyed(reader.question("Other?"), "once").error(409))
        .isEqualTo("E_IDEMPOTENCY_KEY_REPLAY_MISMATCH");
  }

  @Test
  void repeated_sends_join_the_answer_while_it_grows() {
    Promise<Void> on = Promise.promise();
    server
        .provider()
        .plays(
            Script.stream()
                .text("Half")
                .pauseUntil(on.future())
                .text(" more")
                .finish("stop")
                .done());
    JsonObject question = reader.question("Why?");
    Map<String, String> key = Map.of("Idempotency-Key", "joined");
    TestingStream first = reader.stream(STREAMED, question, key);
    first.untilTextAfterMeta("Half");
    int asked = server.provider().requests().size();
    TestingStream joined = reader.stream(STREAMED, question, key);
    joined.untilTextAfterMeta("Half");
    CompletableFuture<Reply> plain = CompletableFuture.supplyAsync(() -> keyed(question, "joined"));
    on.complete();
    assertThat(first.done()).isEqualTo(joined.done());
    assertThat(joined.text()).isEqualTo("Half more");
    assertThat(plain.join().data(200).getJsonObject("assistant_message").getString("content"))
        .isEqualTo("Half more");
    assertThat(server.provider().requests()).hasSize(asked);
  }

  @Test
  void many_sends_at_once_with_one_key_ask_once() {
    server.provider().plays(Script.answering("Once."));
    JsonObject question = reader.question("Why?");
    int asked = server.provider().requests().size();
    List<CompletableFuture<Reply>> sends =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(_ -> CompletableFuture.supplyAsync(() -> keyed(question, "raced")))
            .toList();
    assertThat(sends.stream().map(send -> send.join().data(200)).distinct()).hasSize(1);
    assertThat(server.provider().requests()).hasSize(asked + 1);
  }

  @Test
  void a_second_question_while_an_answer_grows_is_told_which_one() {
    server.provider().plays(Script.stream().text("Half").stall());
    TestingStream stream = asked();
    Event meta = stream.next("meta");
    Reply busy =
        reader.post(
            "/conversations/" + meta.data().getString("conversation_id") + "/messages?stream=1",
            reader.question("And?"));
    assertThat(busy.error(409)).isEqualTo("E_CONVERSATION_BUSY");
    assertThat(busy.details().getString("assistant_message_id")).isEqualTo(answerOf(meta));
    reader.ask("POST", "/messages/" + answerOf(meta) + "/stop").is(200);
  }

  // What a question may be

  @Test
  void what_can_be_refused_is_refused_before_the_stream_opens() {
    long before = server.count("message");
    assertThat(reader.post(STREAMED, reader.question("  ")).error(400))
        .isEqualTo("E_INVALID_REQUEST");
    for (String unseen : List.of("", "\u00a0", "\u200b\u200d", "\u202e\n\ufeff")) {
      assertThat(reader.post(STREAMED, reader.question(unseen)).error(400))
          .isEqualTo("E_INVALID_REQUEST");
    }
    assertThat(reader.post(STREAMED, reader.question("x".repeat(20_001))).error(400))
        .isEqualTo("E_MESSAGE_TOO_LONG");
    JsonObject unknownModel = reader.question("Q").put("model_id", TestingClient.unknown());
    assertThat(reader.post(STREAMED, unknownModel).error(400)).isEqualTo("E_MODEL_NOT_AVAILABLE");
    for (String type : List.of("media", "highlight", "annotation", "message", "conversation")) {
      JsonObject quoting = reader.question("Q", type, TestingClient.unknown());
      assertThat(reader.post(STREAMED, quoting).error(404)).isEqualTo("E_NOT_FOUND");
    }
    JsonArray many = new JsonArray();
    for (int i = 0; i < 11; i++) {
      many.add(new JsonObject().put("type", "media").put("id", TestingClient.unknown()));
    }
    assertThat(reader.post(STREAMED, reader.question("Q").put("contexts", many)).error(400))
        .isEqualTo("E_CONTEXT_TOO_LARGE");
    assertThat(
            reader
                .post(
                    "/conversations/" + TestingClient.unknown() + "/messages", reader.question("Q"))
                .error(404))
        .isEqualTo("E_CONVERSATION_NOT_FOUND");
    assertThat(keyed(reader.question("Q"), "k".repeat(129)).error(400))
        .isEqualTo("E_INVALID_REQUEST");
    assertThat(server.count("message")).isEqualTo(before);
  }

  @Test
  void a_document_that_is_not_readable_yet_cannot_be_quoted() {
    JsonObject media = reader.pasted("Some words.", "text");
    await(
        server
            .database
            .pool()
            .query("update media set processing_status = 'extracting'")
            .execute());
    JsonObject quoting = reader.question("Q", "media", media.getString("id"));
    assertThat(reader.post(FIRST, quoting).error(409)).isEqualTo("E_MEDIA_NOT_READY");
  }
}
