package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.TestingStream.Event;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.TestingLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sends over HTTP: waiting one's turn, coming back later, editing, and reading it all again. */
class SendsTest {
  private static final String FIRST = "/conversations/messages";
  private static final Pattern WAITING =
      Pattern.compile("^lectern_sends_waiting (\\d+)\\.0$", Pattern.MULTILINE);

  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient reader;

  @BeforeEach
  void open() {
    reader = server.newcomer();
  }

  private static String messagesOf(String conversation) {
    return "/conversations/" + conversation + "/messages";
  }

  private Reply preferring(String prefer, String path, JsonObject body) {
    return reader.raw(
        "POST",
        path,
        body.toBuffer(),
        Map.of("Content-Type", "application/json", "Prefer", prefer));
  }

  // Waiting

  @Test
  void a_send_that_prefers_to_wait_has_its_turn_when_the_answer_before_it_has_ended() {
    Promise<Void> on = Promise.promise();
    server
        .provider()
        .plays(
            Script.stream().text("Half").pauseUntil(on.future()).finish("stop").done(),
            Script.answering("Then me."));
    TestingStream stream = reader.stream(FIRST + "?stream=1", reader.question("First?"));
    Event meta = stream.next("meta");
    String path = messagesOf(meta.data().getString("conversation_id"));
    stream.untilText("Half");
    JsonObject second = reader.question("Second?");
    assertThat(preferring("wait=0", path, second).error(409)).isEqualTo("E_CONVERSATION_BUSY");
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> preferring("wait=30", path, second));
    assertThat(preferring("wait=1", path, second).error(409)).isEqualTo("E_CONVERSATION_BUSY");
    on.complete();
    JsonObject sent = waiting.join().data(200);
    assertThat(sent.getJsonObject("assistant_message").getString("content")).isEqualTo("Then me.");
    assertThat(sent.getJsonObject("user_message").getInteger("seq")).isEqualTo(3);
  }

  @Test
  void a_send_that_waited_long_enough_tries_once_more_as_the_request_it_is() {
    server
        .provider()
        .plays(Script.stream().text("Half").stall(), Script.answering("Then me after all."));
    Event meta = reader.stream(FIRST + "?stream=1", reader.question("First?")).next("meta");
    String path = messagesOf(meta.data().getString("conversation_id"));
    JsonObject second = reader.question("Second?");
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> preferring("wait=3", path, second));
    assertThat(preferring("wait=1", path, second).error(409)).isEqualTo("E_CONVERSATION_BUSY");
    server.database.execute(
        "update message set status = 'error', error_code = 'E_ORPHANED_PENDING' where id = '%s'"
            .formatted(meta.data().getString("assistant_message_id")));
    String request = waiting.join().is(200).header("X-Request-Id");
    assertThat(server.count("generation where request_id = '" + request + "'")).isOne();
  }

  @Test
  void many_that_wait_in_one_conversation_have_their_turns_one_after_the_other() {
    String path = messagesOf(reader.ask("POST", "/conversations").data(201).getString("id"));
    JsonObject question = reader.question("Me?");
    List<CompletableFuture<Reply>> sends =
        IntStream.range(0, 6)
            .mapToObj(
                _ -> CompletableFuture.supplyAsync(() -> preferring("wait=30", path, question)))
            .toList();
    for (CompletableFuture<Reply> send : sends) {
      String request = send.join().is(200).header("X-Request-Id");
      assertThat(server.count("generation where request_id = '" + request + "'")).isOne();
    }
    JsonArray messages = reader.get(path).list(200);
    assertThat(messages.stream().map(each -> ((JsonObject) each).getInteger("seq")))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
  }

  @Test
  void those_who_wait_have_their_turns_in_the_order_they_came_and_who_leaves_holds_nobody_up() {
    Promise<Void> on = Promise.promise();
    String path = halfAnswered(on.future());
    CompletableFuture<Reply> impatient = sending("wait=1", path, "Impatient?");
    awaitWaiting(() -> 1);
    List<CompletableFuture<Reply>> patient = new ArrayList<>();
    for (int i = 2; i <= 5; i++) {
      patient.add(sending("wait=30", path, "Number " + i + "?"));
      awaitWaiting(() -> patient.size() + (impatient.isDone() ? 0 : 1));
    }
    assertThat(impatient.join().error(409)).isEqualTo("E_CONVERSATION_BUSY");
    on.complete();
    patient.forEach(send -> send.join().is(200));
    assertThat(
            reader.get(path).list(200).stream()
                .map(JsonObject.class::cast)
                .filter(message -> message.getString("role").equals("user"))
                .map(message -> message.getString("content")))
        .containsExactly("First?", "Number 2?", "Number 3?", "Number 4?", "Number 5?");
    assertThat(waiting()).isZero();
  }

  @Test
  void sixty_four_wait_in_one_conversation_and_the_next_is_told_at_once() {
    Promise<Void> on = Promise.promise();
    String path = halfAnswered(on.future());
    List<CompletableFuture<Reply>> waiting =
        IntStream.range(0, 64).mapToObj(i -> sending("wait=60", path, "Q" + i)).toList();
    awaitWaiting(waiting::size);
    assertThat(preferring("wait=60", path, reader.question("One more?")).error(409))
        .isEqualTo("E_CONVERSATION_BUSY");
    assertThat(waiting()).isEqualTo(waiting.size());
    on.complete();
    waiting.forEach(send -> send.join().is(200));
  }

  /** Asks a first question; its answer is half there and goes on with this. */
  private String halfAnswered(Future<Void> goesOn) {
    server.provider().plays(Script.stream().text("Half").pauseUntil(goesOn).finish("stop").done());
    TestingStream stream = reader.stream(FIRST + "?stream=1", reader.question("First?"));
    String path = messagesOf(stream.next("meta").data().getString("conversation_id"));
    stream.untilText("Half");
    return path;
  }

  private CompletableFuture<Reply> sending(String prefer, String path, String question) {
    JsonObject body = reader.question(question);
    return CompletableFuture.supplyAsync(
        () -> preferring(prefer, path, body), task -> Thread.ofVirtual().start(task));
  }

  private static void awaitWaiting(IntSupplier count) {
    while (waiting() < count.getAsInt()) {
      Thread.onSpinWait();
    }
  }

  private static int waiting() {
    Matcher told = WAITING.matcher(server.anybody().get("/metrics").is(200).text());
    assertThat(told.find()).isTrue();
    return Integer.parseInt(told.group(1));
  }

  @Test
  void a_call_is_logged_with_the_conversation_and_the_message_it_is_for() {
    try (TestingLog log = new TestingLog()) {
      JsonObject sent = reader.post(FIRST, reader.question("Whose?")).data(200);
      for (String event : List.of("llm.request.started", "llm.request.finished")) {
        JsonObject line = log.lines(event).getFirst();
        assertThat(line.getString("conversation_id"))
            .isEqualTo(sent.getJsonObject("conversation").getString("id"));
        assertThat(line.getString("assistant_message_id"))
            .isEqualTo(sent.getJsonObject("assistant_message").getString("id"));
      }
      log.assertSaysNothingOf("Whose?");
    }
  }

  // Coming back later

  @Test
  void what_a_provider_asked_for_is_passed_on_and_stored() {
    server
        .provider()
        .plays(Script.refusing(429, null, "rate_limit", "Slow down").header("Retry-After", "170"));
    Reply limited = reader.post(FIRST, reader.question("Q"));
    assertThat(limited.error(429)).isEqualTo("E_LLM_RATE_LIMIT");
    assertThat(limited.headers().get("Retry-After")).isEqualTo("170");
    String answer = limited.details().getString("assistant_message_id");
    JsonObject usage = reader.get("/messages/" + answer).data(200).getJsonObject("usage");
    assertThat(usage.getInteger("retry_after_seconds")).isEqualTo(170);
    assertThat(usage.getString("key_mode_used")).isEqualTo("platform");
    assertThat(usage.getInteger("latency_ms")).isNotNull();
    assertThat(usage.getJsonArray("attempts").getJsonObject(0).getString("error_class"))
        .isEqualTo("E_LLM_RATE_LIMIT");
    reader.post(FIRST, reader.question("Well now?")).is(200);
  }

  @Test
  void whoever_asks_too_much_is_always_told_when_to_come_back() {
    reader.post(FIRST, reader.question("Well?")).is(200);
    Script slowDown = Script.refusing(429, null, "rate_limit", "Slow down");
    server.provider().plays(slowDown, slowDown);
    Reply limited = reader.post(FIRST, reader.question("Q"));
    assertThat(limited.status()).isEqualTo(429);
    assertThat(Integer.parseInt(limited.headers().get("Retry-After"))).isPositive();
    reader.post(FIRST, reader.question("Well again?")).is(200);
  }

  @Test
  void what_an_answer_took_is_stored_whole() {
    JsonObject usage =
        new JsonObject()
            .put("prompt_tokens", 1000)
            .put("completion_tokens", 200)
            .put("prompt_tokens_details", new JsonObject().put("cached_tokens", 400))
            .put("completion_tokens_details", new JsonObject().put("reasoning_tokens", 150));
    JsonObject counted = new JsonObject().put("choices", List.of()).put("usage", usage);
    server
        .provider()
        .plays(
            Script.stream()
                .header("x-request-id", "req-42")
                .text("Yes.")
                .finish("stop")
                .data(counted.encode())
                .done());
    JsonObject question = reader.question("Really?").put("key_mode", "platform_only");
    JsonObject sent = reader.post(FIRST, question).data(200).getJsonObject("assistant_message");
    JsonObject took = sent.getJsonObject("usage");
    assertThat(sent.getString("finish_reason")).isEqualTo("stop");
    assertThat(took.getString("provider")).isEqualTo("openai");
    assertThat(took.getString("model_name")).isEqualTo("gpt-test-2026");
    assertThat(took.getString("model_requested")).isNotEmpty().isNotEqualTo("gpt-test-2026");
    assertThat(
            Stream.of("prompt", "completion", "total", "cached", "reasoning")
                .map(each -> took.getInteger(each + "_tokens")))
        .containsExactly(1000, 200, 1200, 400, 150);
    assertThat(took.getLong("cost_usd_micros")).isPositive();
    assertThat(took.getInteger("latency_ms"))
        .isGreaterThanOrEqualTo(took.getInteger("first_token_ms"));
    assertThat(took.getString("key_mode_requested")).isEqualTo("platform_only");
    assertThat(took.getString("key_mode_used")).isEqualTo("platform");
    assertThat(took.getString("provider_request_id")).isEqualTo("req-42");
    assertThat(took.getString("prompt_version")).isEqualTo("answer-v2");
    assertThat(took.getJsonArray("attempts")).hasSize(1);
  }

  @Test
  void a_question_of_20_000_characters_that_quotes_10_things_is_asked() {
    JsonObject said = reader.post(FIRST, reader.question("Say it.")).data(200);
    String answer = said.getJsonObject("assistant_message").getString("id");
    JsonObject target = new JsonObject().put("type", "message").put("id", answer);
    JsonObject most =
        reader.question("🌲".repeat(20_000)).put("contexts", Collections.nCopies(10, target));
    JsonObject sent = reader.post(FIRST, most).data(200).getJsonObject("user_message");
    assertThat(sent.getJsonArray("contexts").stream().map(JsonObject.class::cast))
        .extracting(each -> each.getInteger("ordinal"))
        .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
  }

  // Editing

  @Test
  void a_question_is_edited_over_http_and_both_stay_readable() {
    server.provider().plays(Script.answering("One."), Script.answering("Edited."));
    JsonObject first = reader.post(FIRST, reader.question("Frist?")).data(200);
    String path = messagesOf(first.getJsonObject("conversation").getString("id"));
    String replaced = first.getJsonObject("user_message").getString("id");
    JsonObject edit = reader.question("First?").put("replaces_message_id", replaced);
    JsonObject question = reader.post(path, edit).data(200).getJsonObject("user_message");
    assertThat(question.getString("replaces_message_id")).isEqualTo(replaced);
    JsonArray stored = reader.get(path).list(200);
    assertThat(stored.getJsonObject(0).getString("replaced_by_message_id"))
        .isEqualTo(question.getString("id"));
    assertThat(stored.stream().map(each -> ((JsonObject) each).getBoolean("set_aside")))
        .containsExactly(true, true, false, false);
    assertThat(reader.post(FIRST, edit).error(404)).isEqualTo("E_MESSAGE_NOT_FOUND");
  }

  // Names

  @Test
  void a_conversation_is_called_by_its_first_words_until_somebody_names_it_better() {
    JsonObject sent = reader.post(FIRST, reader.question("  What is\n an  essay? ")).data(200);
    String path = "/conversations/" + sent.getJsonObject("conversation").getString("id");
    assertThat(reader.get(path).data(200).getString("title")).isEqualTo("What is an essay?");
    JsonObject named = reader.ask("PATCH", path, titled(" On\n essays ")).data(200);
    assertThat(named.getString("title")).isEqualTo("On essays");
    for (String unseen : List.of(" ", "\u00a0", "\u200b", "\u202e")) {
      assertThat(reader.ask("PATCH", path, titled(unseen)).error(400)).isEqualTo("E_NAME_INVALID");
    }
    reader.post(path + "/messages", reader.question("And a novel?")).is(200);
    assertThat(reader.get(path).data(200).getString("title")).isEqualTo("On essays");
  }

  private static JsonObject titled(String title) {
    return new JsonObject().put("title", title);
  }

  // Paging

  @Test
  void messages_are_paged_both_ways_from_the_newest_and_back() {
    String path = messagesOf(reader.ask("POST", "/conversations").data(201).getString("id"));
    for (int i = 0; i < 5; i++) {
      reader.post(path, reader.question("Q" + i)).is(200);
    }
    Reply newest = reader.get(path + "?from=newest&limit=4");
    assertThat(seqs(newest)).containsExactly(7, 8, 9, 10);
    assertThat(cursor(newest, "next_cursor")).isNull();
    Reply before = reader.get(path + "?limit=4&cursor=" + cursor(newest, "previous_cursor"));
    assertThat(seqs(before)).containsExactly(3, 4, 5, 6);
    Reply oldest = reader.get(path + "?limit=4&cursor=" + cursor(before, "previous_cursor"));
    assertThat(seqs(oldest)).containsExactly(1, 2);
    assertThat(cursor(oldest, "previous_cursor")).isNull();
    Reply forth = reader.get(path + "?limit=4&cursor=" + cursor(oldest, "next_cursor"));
    assertThat(seqs(forth)).containsExactly(3, 4, 5, 6);
    Reply end = reader.get(path + "?limit=4&cursor=" + cursor(forth, "next_cursor"));
    assertThat(seqs(end)).containsExactly(7, 8, 9, 10);
    assertThat(cursor(end, "next_cursor")).isNull();
    assertThat(cursor(reader.get(path + "?limit=4"), "previous_cursor")).isNull();
  }

  private static List<Integer> seqs(Reply page) {
    return page.list(200).stream().map(each -> ((JsonObject) each).getInteger("seq")).toList();
  }

  private static String cursor(Reply page, String name) {
    return page.json().getJsonObject("page").getString(name);
  }
}
