package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.cluster.Node;
import lectern.conversation.Send.Opened;
import lectern.conversation.Watch.Place;
import lectern.db.DatabaseSettings;
import lectern.db.TestingDatabase;
import lectern.janitor.Sweep;
import lectern.llm.Patience;
import lectern.llm.TestingProvider;
import lectern.llm.TestingProvider.Script;
import lectern.models.KeyMode;
import lectern.models.Model;
import lectern.telemetry.TestingLog;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendTest {
  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private TestingReader reader;

  @BeforeEach
  void open() {
    reader = new TestingReader(database, new SendLimits(1000, 100, 10_000_000));
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void a_question_and_its_answer_are_stored_in_order() {
    reader.provider.plays(Script.answering("For ", "attention."));
    Opened opened = reader.ask("  Is he arguing for poverty?  ");
    Message answer = reader.answer(opened);
    assertThat(answer.content()).isEqualTo("For attention.");
    assertThat(answer.status()).isEqualTo("complete");
    assertThat(answer.finishReason()).isEqualTo("stop");
    assertThat(answer.usage().totalTokens()).isEqualTo(25);
    assertThat(answer.usage().keyModeUsed()).isEqualTo("platform");
    List<Message> messages = reader.messages(opened.conversationId());
    assertThat(messages).extracting(Message::seq).containsExactly(1, 2);
    assertThat(messages.getFirst().content()).isEqualTo("Is he arguing for poverty?");
  }

  @Test
  void the_next_question_carries_the_earlier_turns() {
    reader.provider.plays(Script.answering("One."), Script.answering("Two."));
    Opened first = reader.ask("First?");
    reader.answer(first);
    reader.answer(await(reader.send(first.conversationId(), "Second?", null)));
    String body = reader.provider.requests().getLast().body();
    assertThat(body.indexOf("First?")).isPositive().isLessThan(body.indexOf("One."));
    assertThat(body.indexOf("One.")).isLessThan(body.indexOf("Second?"));
  }

  @Test
  void a_repeated_send_gives_the_same_turn_and_calls_nobody() {
    reader.provider.plays(Script.answering("Once."));
    Opened first = await(reader.send(null, "Q", "key-1"));
    reader.answer(first);
    Opened again = await(reader.send(null, "Q", "key-1"));
    assertThat(again.assistantMessageId()).isEqualTo(first.assistantMessageId());
    assertThat(reader.answer(again).content()).isEqualTo("Once.");
    assertThat(reader.provider.requests()).hasSize(1);
  }

  @Test
  void a_key_whose_day_is_over_stands_for_a_new_request_though_no_sweep_has_come() {
    reader.provider.plays(Script.answering("Once."), Script.answering("Anew."));
    Opened first = await(reader.send(null, "Q", "key-1"));
    reader.answer(first);
    database.execute("update idempotency_key set expires_at = now() where key = 'key-1'");
    Opened other = await(reader.send(null, "R", "key-1"));
    assertThat(reader.answer(other).content()).isEqualTo("Anew.");
    assertThat(await(reader.send(null, "R", "key-1")).assistantMessageId())
        .isEqualTo(other.assistantMessageId());
    assertThat(reader.provider.requests()).hasSize(2);
  }

  @Test
  void one_key_for_two_requests_is_refused() {
    await(reader.send(null, "Q", "key-1"));
    refused(Code.E_IDEMPOTENCY_KEY_REPLAY_MISMATCH, () -> await(reader.send(null, "R", "key-1")));
  }

  @Test
  void many_sends_with_one_key_at_once_open_one_turn() {
    List<Future<Opened>> sends =
        IntStream.range(0, 20).mapToObj(_ -> reader.send(null, "Q", "one")).toList();
    await(Future.all(sends));
    assertThat(sends.stream().map(sent -> sent.result().assistantMessageId()).distinct())
        .hasSize(1);
    reader.answer(sends.getFirst().result());
    assertThat(reader.provider.requests()).hasSize(1);
  }

  @Test
  void a_second_send_while_an_answer_grows_is_busy_and_takes_no_number() {
    Promise<Void> on = Promise.promise();
    reader.provider.plays(
        Script.stream().text("a").pauseUntil(on.future()).finish("stop").done(),
        Script.answering("b"));
    Opened first = reader.ask("Q");
    refused(
        Code.E_CONVERSATION_BUSY,
        () -> await(reader.send(first.conversationId(), "too soon", null)));
    on.complete();
    reader.answer(first);
    reader.answer(await(reader.send(first.conversationId(), "later", null)));
    assertThat(reader.messages(first.conversationId()))
        .extracting(Message::seq)
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void racing_sends_in_one_conversation_leave_no_gap_and_one_pending_answer() {
    Promise<Void> on = Promise.promise();
    UUID conversation =
        await(reader.bus.ask(Conversation.Create.ADDRESS, new Conversation.Create(reader.id))).id();
    reader.provider.plays(Script.stream().pauseUntil(on.future()).text("x").finish("stop").done());
    List<Future<Opened>> sends =
        IntStream.range(0, 30).mapToObj(i -> reader.send(conversation, "Q" + i, null)).toList();
    await(Future.join(sends).otherwiseEmpty());
    assertThat(sends.stream().filter(Future::succeeded)).hasSize(1);
    on.complete();
    Opened opened = sends.stream().filter(Future::succeeded).findFirst().orElseThrow().result();
    reader.answer(opened);
    assertThat(reader.messages(conversation)).extracting(Message::seq).containsExactly(1, 2);
  }

  @Test
  void a_failed_answer_is_stored_with_its_reason_and_the_text_so_far() {
    reader.provider.plays(Script.stream().text("Half an ").cut());
    Message answer = reader.answer(reader.ask("Q"));
    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("E_LLM_INTERRUPTED");
    assertThat(answer.errorMessage()).isEqualTo("The answer broke off before its end.");
    assertThat(answer.content()).isEqualTo("Half an ");
    assertThat(answer.finishReason()).isEqualTo("error");
  }

  @Test
  void who_watches_is_told_that_the_model_thinks_until_it_speaks_and_what_it_thinks_is_not_kept() {
    Promise<Void> on = Promise.promise();
    Promise<Void> end = Promise.promise();
    reader.provider.plays(
        Script.stream()
            .reasoning("Let me ")
            .reasoning("see.")
            .pauseUntil(on.future())
            .text("Yes")
            .reasoning("Sure?")
            .pauseUntil(end.future())
            .text(".")
            .finish("stop")
            .done());
    Opened opened = reader.ask("Q");
    TestingReader.Watcher early = reader.new Watcher(opened, Place.START).begun();
    TestingReader.Watcher late = reader.new Watcher(opened, Place.START).begun();
    assertThat(List.of(early.thinking(), late.thinking())).containsExactly(1L, 1L);
    assertThat(early.text()).isEmpty();
    on.complete();
    early.hears("Yes");
    TestingReader.Watcher tooLate = reader.new Watcher(opened, Place.START).begun();
    end.complete();
    for (TestingReader.Watcher watcher : List.of(early, late, tooLate)) {
      assertThat(watcher.end().text()).isEqualTo("Yes.");
    }
    assertThat(List.of(early.thinking(), late.thinking(), tooLate.thinking()))
        .containsExactly(1L, 1L, 0L);
    assertThat(reader.message(opened.assistantMessageId()).content()).isEqualTo("Yes.");
  }

  @Test
  void a_stop_hangs_up_and_keeps_what_had_come() {
    reader.provider.plays(Script.stream().text("Hel").stall());
    Opened opened = reader.ask("Q");
    TestingReader.Watcher watcher = reader.new Watcher(opened, Place.START).begun();
    Message stopped =
        await(reader.bus.ask(Stop.ADDRESS, new Stop(reader.id, opened.assistantMessageId())));
    assertThat(stopped.status()).isEqualTo("complete");
    assertThat(stopped.finishReason()).isEqualTo("cancelled");
    assertThat(stopped.content()).isEqualTo("Hel");
    assertThat(watcher.end().how().finishReason()).isEqualTo("cancelled");
    reader.provider.requests().getFirst().awaitGone();
  }

  @Test
  void a_provider_that_never_answers_ends_in_a_stated_result_and_its_conversation_goes_on() {
    reader.close();
    Duration soon = Duration.ofMillis(200);
    Patience brief = new Patience(Duration.ofSeconds(5), soon, soon, Duration.ofSeconds(5));
    reader = new TestingReader(database, new SendLimits(1000, 1, 10_000_000), brief);
    reader.provider.playsBy(_ -> Script.silence());
    Opened opened = await(reader.send(null, "Anybody?", "silent"));
    Message answer = reader.answer(opened);
    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("E_LLM_TIMEOUT");
    assertThat(answer.finishReason()).isEqualTo("error");
    assertThat(answer.content()).isEmpty();
    reader.provider.requests().forEach(TestingProvider.Request::awaitGone);
    int asked = reader.provider.requests().size();
    assertThat(await(reader.send(null, "Anybody?", "silent")).assistantMessageId())
        .isEqualTo(opened.assistantMessageId());
    assertThat(reader.provider.requests()).hasSize(asked);
    reader.provider.playsBy(_ -> Script.answering("Here."));
    Opened next = await(reader.send(opened.conversationId(), "Now?", null));
    assertThat(reader.answer(next).content()).isEqualTo("Here.");
  }

  @Test
  void a_provider_that_falls_silent_in_mid_answer_leaves_what_it_had_said() {
    reader.close();
    Duration soon = Duration.ofMillis(300);
    Patience brief = new Patience(soon, Duration.ofSeconds(5), soon, Duration.ofSeconds(5));
    reader = new TestingReader(database, new SendLimits(1000, 1, 10_000_000), brief);
    reader.provider.plays(Script.stream().text("So far").stall());
    Message answer = reader.answer(reader.ask("Q"));
    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("E_LLM_TIMEOUT");
    assertThat(answer.content()).isEqualTo("So far");
  }

  @Test
  void a_late_stop_changes_nothing() {
    reader.provider.plays(Script.answering("Done."));
    Opened opened = reader.ask("Q");
    reader.answer(opened);
    Message stopped =
        await(reader.bus.ask(Stop.ADDRESS, new Stop(reader.id, opened.assistantMessageId())));
    assertThat(stopped.finishReason()).isEqualTo("stop");
  }

  @Test
  void a_follower_that_comes_back_gets_what_follows_and_nothing_twice() {
    Promise<Void> on = Promise.promise();
    reader.provider.plays(
        Script.stream()
            .text("Wo\uD83D\uDE00")
            .pauseUntil(on.future())
            .text("rds")
            .finish("stop")
            .done());
    Opened opened = reader.ask("Q");
    TestingReader.Watcher first = reader.new Watcher(opened, Place.START).begun();
    TestingReader.Watcher second = reader.new Watcher(opened, first.reached());
    on.complete();
    assertThat(second.end().text()).isEqualTo("rds");
    assertThat(first.end().text()).isEqualTo("Wo\uD83D\uDE00rds");
  }

  @Test
  void limits_are_exact_however_many_ask_at_once() {
    reader.close();
    reader = new TestingReader(database, new SendLimits(1000, 3, 10_000_000));
    reader.provider.plays(
        Script.stream().stall(), Script.stream().stall(), Script.stream().stall());
    List<Future<Opened>> sends =
        IntStream.range(0, 12).mapToObj(i -> reader.send(null, "Q" + i, null)).toList();
    await(Future.join(sends).otherwiseEmpty());
    assertThat(sends.stream().filter(Future::succeeded)).hasSize(3);
    assertThat(sends.stream().filter(Future::failed).map(Future::cause))
        .allSatisfy(no -> assertThat(((Refusal) no).code()).isEqualTo(Code.E_RATE_LIMITED));
  }

  @Test
  void what_cannot_be_asked_is_refused_before_anything_is_stored() {
    long before = reader.count("message");
    refused(Code.E_INVALID_REQUEST, () -> reader.ask("   "));
    refused(Code.E_MESSAGE_TOO_LONG, () -> reader.ask("x".repeat(20_001)));
    refused(Code.E_CONVERSATION_NOT_FOUND, () -> await(reader.send(UUID.randomUUID(), "Q", null)));
    Send unknownModel =
        new Send(reader.id, null, null, "Q", UUID.randomUUID(), KeyMode.AUTO, List.of(), null);
    refused(Code.E_MODEL_NOT_AVAILABLE, () -> await(reader.bus.ask(Send.ADDRESS, unknownModel)));
    assertThat(reader.count("message")).isEqualTo(before);
  }

  @Test
  void an_answer_whose_node_is_gone_is_ended_for_it() {
    reader.provider.plays(Script.stream().text("lost").stall());
    Opened opened = reader.ask("Q");
    database.execute("delete from node");
    assertThat(await(GenerationStore.finaliseOrphans(reader.pool, reader.node, 15)))
        .doesNotContain(opened.assistantMessageId());
    await(GenerationStore.finaliseOrphans(reader.pool, UUID.randomUUID(), 15));
    Message answer = reader.message(opened.assistantMessageId());
    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("E_ORPHANED_PENDING");
    Turns.Closing late = TestingClosing.of(opened.assistantMessageId());
    assertThat(await(new Turns(reader.pool).close(late))).isFalse();
    assertThat(reader.message(opened.assistantMessageId()).errorCode())
        .isEqualTo("E_ORPHANED_PENDING");
  }

  @Test
  void after_the_database_was_away_nobody_takes_the_others_for_dead_at_once() {
    reader.provider.plays(Script.stream().text("whole, and about to be stored").stall());
    Opened opened = reader.ask("Q");
    Node first = new Node(reader.pool);
    await(first.join());
    database.execute(
        "update node set beat_at = now() - interval '1 minute', steady_since = now() - interval '1 hour'");
    assertThat(orphansOf(first)).isEmpty();
    await(first.beat().run().get());
    assertThat(orphansOf(first)).isEmpty();
    database.execute(
        "update node set steady_since = now() - interval '16 s' where id = '%s'"
            .formatted(first.id()));
    await(first.beat().run().get());
    assertThat(orphansOf(first)).contains(opened.assistantMessageId());
  }

  @Test
  void a_sweep_ends_all_answers_of_a_dead_node_however_many_there_are() {
    database.execute(
        "insert into generation (message_id, conversation_id, user_id, owner, node_id, key_mode_used)"
            + " select gen_random_uuid(), gen_random_uuid(), '%s', 'dead', gen_random_uuid(), 'none'"
                .formatted(reader.id)
            + " from generate_series(1, 230)");
    Sweep orphans = Orphans.sweeps(reader.pool, reader.node, Node.SILENT).getFirst();
    assertThat(await(orphans.run().get())).isEqualTo(230);
    assertThat(reader.count("generation where ended_at is null")).isZero();
  }

  private List<UUID> orphansOf(Node sweeper) {
    return await(GenerationStore.finaliseOrphans(reader.pool, sweeper.id(), 15));
  }

  @Test
  void earlier_turns_are_held_against_the_budget_too() {
    reader.close();
    reader = new TestingReader(database, new SendLimits(1000, 100, 10_000));
    reader.provider.plays(
        Script.stream().text("answer ".repeat(6_000)).finish("stop").usage(10, 10).done());
    Opened opened = reader.ask("Q");
    reader.answer(opened);
    refused(
        Code.E_TOKEN_BUDGET_EXCEEDED,
        () -> await(reader.send(opened.conversationId(), "Again?", null)));
    reader.provider.plays(Script.stream().text("Yes.").finish("stop").done());
    reader.answer(reader.ask("Q"));
  }

  @Test
  void deleting_a_conversation_hangs_up_on_its_growing_answer() {
    reader.provider.plays(Script.stream().text("Hel").stall());
    Opened opened = reader.ask("Q");
    reader.new Watcher(opened, Place.START).begun();
    await(
        reader.bus.ask(
            Conversation.Delete.ADDRESS,
            new Conversation.Delete(reader.id, opened.conversationId())));
    reader.provider.requests().getFirst().awaitGone();
    refused(Code.E_MESSAGE_NOT_FOUND, () -> reader.message(opened.assistantMessageId()));
  }

  @Test
  void an_end_and_a_deletion_at_once_do_not_wait_for_each_other() {
    reader.provider.plays(Script.stream().text("Hel").stall());
    Opened opened = reader.ask("Q");
    reader.new Watcher(opened, Place.START).begun();
    SqlConnection deletion = await(reader.pool.getConnection());
    Transaction transaction = await(deletion.begin());
    Tuple conversation = Tuple.of(opened.conversationId());
    String lock = "select 1 from conversation where id = $1 for update";
    await(deletion.preparedQuery(lock).execute(conversation));
    Future<Boolean> closing =
        new Turns(reader.pool).close(TestingClosing.of(opened.assistantMessageId()));
    awaitRow("pg_stat_activity where wait_event_type = 'Lock' and query like '%ended_at%'");
    await(deletion.preparedQuery("delete from conversation where id = $1").execute(conversation));
    await(transaction.commit());
    await(deletion.close());
    assertThat(await(closing)).isFalse();
    String open =
        "generation where ended_at is null and message_id = '%s'"
            .formatted(opened.assistantMessageId());
    assertThat(reader.count(open)).isZero();
  }

  private void awaitRow(String table) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (reader.count(table) == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource(ContextType.class)
  void what_is_quoted_and_deleted_between_check_and_writing_is_not_found(ContextType type) {
    UUID shelved =
        switch (type) {
          case MEDIA, HIGHLIGHT, ANNOTATION -> UUID.randomUUID();
          case MESSAGE, CONVERSATION -> null;
        };
    UUID id = type == ContextType.MEDIA ? shelved : UUID.randomUUID();
    Quoted gone =
        new Quoted(type, id, shelved, null, null, null, null, null, "words", null, null, null);
    refusedAtOnce(Code.E_NOT_FOUND, TestingModels.of(reader.model, 1000), List.of(gone));
  }

  @Test
  void a_model_deleted_between_check_and_writing_is_not_available() {
    Model gone = TestingModels.of(UUID.randomUUID(), 1000);
    refusedAtOnce(Code.E_MODEL_NOT_AVAILABLE, gone, List.of());
  }

  private void refusedAtOnce(Code code, Model model, List<Quoted> quoted) {
    Send send = reader.question(null, "Q", null);
    Admitted admitted = TestingModels.admitted(send, model, "platform", quoted);
    long before = reader.count("conversation") + reader.count("message");
    SendLimits limits = new SendLimits(10, 10, 100);
    refused(
        code, () -> await(new Turns(reader.pool).open(admitted, limits, "nobody", reader.node)));
    assertThat(reader.count("conversation") + reader.count("message")).isEqualTo(before);
  }

  @Test
  void what_a_crash_left_reserved_is_given_back_and_its_conversation_goes_on() {
    reader.close();
    reader = new TestingReader(database, new SendLimits(1000, 100, 5_000));
    reader.provider.plays(Script.stream().text("lost").stall());
    Opened opened = reader.ask("Q");
    refused(Code.E_TOKEN_BUDGET_EXCEEDED, () -> reader.ask("Q"));
    database.execute("delete from node");
    await(GenerationStore.finaliseOrphans(reader.pool, UUID.randomUUID(), 15));
    reader.answer(await(reader.send(opened.conversationId(), "Again?", null)));
    assertThat(reader.messages(opened.conversationId())).hasSize(4);
  }

  @Test
  void an_end_waits_until_the_database_can_take_it_and_is_told_then() {
    Promise<Void> on = Promise.promise();
    reader.provider.plays(
        Script.stream().text("All ").pauseUntil(on.future()).text("of it.").finish("stop").done());
    Opened opened = reader.ask("Q");
    TestingReader.Watcher watcher = reader.new Watcher(opened, Place.START).begun();
    try (TestingLog log = new TestingLog()) {
      database.execute("alter table message_llm rename to message_llm_away");
      on.complete();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (log.lines("send.not_stored").isEmpty()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    } finally {
      database.execute("alter table message_llm_away rename to message_llm");
    }
    assertThat(watcher.end().how().status()).isEqualTo("complete");
    assertThat(reader.message(opened.assistantMessageId()).content()).isEqualTo("All of it.");
  }

  @Test
  void earlier_turns_are_read_when_the_database_has_time_again() {
    reader.provider.plays(Script.answering("One."), Script.answering("Two."));
    Opened first = reader.ask("First?");
    reader.answer(first);
    String turnstile = "(hashtextextended('send %s', 0))".formatted(reader.id);
    SqlConnection holder = await(reader.pool.getConnection());
    await(holder.query("select pg_advisory_lock" + turnstile).execute());
    Future<Opened> sending = reader.send(first.conversationId(), "Second?", null);
    awaitRow("pg_locks where locktype = 'advisory' and not granted");
    List<Future<SqlConnection>> all =
        IntStream.range(0, DatabaseSettings.POOL_SIZE - 1)
            .mapToObj(_ -> reader.pool.getConnection())
            .toList();
    await(holder.query("select pg_advisory_unlock" + turnstile).execute());
    Opened second = await(sending);
    await(Future.all(all));
    assertThatThrownBy(() -> await(reader.pool.getConnection())).hasMessageContaining("Timeout");
    all.forEach(taken -> taken.result().close());
    await(holder.close());
    assertThat(reader.answer(second).content()).isEqualTo("Two.");
    assertThat(reader.provider.requests().getLast().body()).contains("First?");
  }

  @Test
  void sweeps_forget_expired_keys_and_old_ledger_rows_and_nothing_else() {
    reader.answer(await(reader.send(null, "Q", "old")));
    reader.answer(await(reader.send(null, "Q", "new")));
    database.execute("update idempotency_key set expires_at = now() where key = 'old'");
    database.execute(
        "update generation set ended_at = now() - interval '49 hours' where message_id ="
            + " (select assistant_message_id from idempotency_key where key = 'old')");
    long keys = reader.count("idempotency_key");
    long rows = reader.count("generation");
    assertThat(await(IdempotencyStore.deleteExpired(reader.pool))).isEqualTo(1);
    assertThat(await(GenerationStore.deleteOld(reader.pool))).isEqualTo(1);
    assertThat(reader.count("idempotency_key")).isEqualTo(keys - 1);
    assertThat(reader.count("generation")).isEqualTo(rows - 1);
  }

  @Test
  void the_last_message_takes_its_conversation_along() {
    reader.provider.plays(Script.answering("A"));
    Opened opened = reader.ask("Q");
    reader.answer(opened);
    for (UUID id : List.of(opened.userMessageId(), opened.assistantMessageId())) {
      await(reader.bus.ask(Message.Delete.ADDRESS, new Message.Delete(reader.id, id)));
    }
    refused(
        Code.E_CONVERSATION_NOT_FOUND,
        () ->
            await(
                reader.bus.ask(
                    Conversation.Find.ADDRESS,
                    new Conversation.Find(reader.id, opened.conversationId()))));
  }

  private static void refused(Code code, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
