package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Send.Opened;
import lectern.conversation.Send.Target;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider.Script;
import lectern.models.KeyMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The order of the checks before a send: everything is wrong with it at first, and each time the
 * one thing that was told is put right, the next in the documented order is told.
 */
class AdmissionOrderTest {
  private static final int BUDGET = 50_000;

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private TestingReader reader;
  private Opened earlier;
  private String key = "used";
  private UUID conversation;
  private UUID replaces = UUID.randomUUID();
  private String content = "x".repeat(20_001);
  private UUID model = UUID.randomUUID();
  private KeyMode keyMode = KeyMode.BYOK_ONLY;
  private List<Target> contexts;

  @BeforeEach
  void open() {
    reader = new TestingReader(database, new SendLimits(3, 2, BUDGET));
    earlier = await(reader.send(null, "Q", "used"));
    reader.answer(earlier);
    execute("update generation set created_at = now() - interval '10 minutes'");
    conversation = UUID.randomUUID();
    contexts = Collections.nCopies(11, new Target(ContextType.HIGHLIGHT, UUID.randomUUID()));
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void what_is_wrong_with_a_send_is_told_in_the_documented_order_and_nothing_is_written() {
    long messages = reader.count("message");
    long generations = reader.count("generation");
    Opened pending = growing();
    Opened alsoPending = growing();

    told(Code.E_IDEMPOTENCY_KEY_REPLAY_MISMATCH);
    key = "fresh";
    told(Code.E_MODEL_NOT_AVAILABLE);
    model = reader.modelThatIsOff;
    told(Code.E_MESSAGE_TOO_LONG);
    content = "And?";
    told(Code.E_CONTEXT_TOO_LARGE);
    contexts = List.of(new Target(ContextType.MEDIA, UUID.randomUUID()), longMessage());
    told(Code.E_MODEL_NOT_AVAILABLE);
    model = reader.model;
    told(Code.E_LLM_NO_KEY);
    keyMode = KeyMode.AUTO;
    told(Code.E_MESSAGE_NOT_FOUND);
    replaces = null;
    told(Code.E_NOT_FOUND);
    contexts = List.of(mediaThatIsPending(), longMessage());
    told(Code.E_MEDIA_NOT_READY);
    contexts = List.of(longMessage());
    told(Code.E_CONTEXT_TOO_LARGE);
    contexts = List.of();
    execute("update generation set created_at = now()");
    assertThat(told(Code.E_RATE_LIMITED).details().get("retry_after_seconds"))
        .isInstanceOfSatisfying(Integer.class, seconds -> assertThat(seconds).isBetween(1, 60));
    execute("update generation set created_at = now() - interval '10 minutes'");
    assertThat(told(Code.E_RATE_LIMITED).details()).containsEntry("retry_after_seconds", 5);
    stop(alsoPending);
    spend(BUDGET);
    assertThat(told(Code.E_TOKEN_BUDGET_EXCEEDED).details())
        .hasEntrySatisfying(
            "retry_after_seconds",
            seconds -> assertThat((Integer) seconds).isBetween(1, 24 * 3600));
    spend(0);
    told(Code.E_CONVERSATION_NOT_FOUND);
    conversation = pending.conversationId();
    assertThat(told(Code.E_CONVERSATION_BUSY).details())
        .containsEntry("assistant_message_id", pending.assistantMessageId().toString());

    assertThat(reader.count("message")).isEqualTo(messages + 4 + 1);
    assertThat(reader.count("generation")).isEqualTo(generations + 2);
    assertThat(reader.count("idempotency_key")).isEqualTo(1);
    conversation = earlier.conversationId();
    reader.answer(await(reader.bus.ask(Send.ADDRESS, send())));
    assertThat(reader.count("idempotency_key")).isEqualTo(2);
  }

  private Send send() {
    return new Send(reader.id, conversation, replaces, content, model, keyMode, contexts, key);
  }

  private Refusal told(Code code) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> await(reader.bus.ask(Send.ADDRESS, send())));
    assertThat(refusal).as("told %s", code).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    return refusal;
  }

  private Opened growing() {
    reader.provider.plays(Script.stream().text("…").stall());
    Opened opened = reader.ask("Q");
    execute("update generation set created_at = now() - interval '10 minutes'");
    return opened;
  }

  private void stop(Opened opened) {
    await(reader.bus.ask(Stop.ADDRESS, new Stop(reader.id, opened.assistantMessageId())));
  }

  private void spend(int tokens) {
    execute(
        "update generation set created_at = now(), spent_tokens = "
            + tokens
            + " where ended_at is not null and message_id = '"
            + earlier.assistantMessageId()
            + "'");
  }

  /** An answer of the reader's that is longer than all passages may be together. */
  private Target longMessage() {
    UUID id =
        insert(
            "insert into message (conversation_id, seq, role, content) select $1,"
                + " (select max(seq) + 10 from message where conversation_id = $1), 'system',"
                + " repeat('long ', 6000) where not exists (select 1 from message where role ="
                + " 'system') returning id");
    return new Target(ContextType.MESSAGE, id);
  }

  private UUID insert(String sql) {
    for (Row row :
        await(reader.pool.preparedQuery(sql).execute(Tuple.of(earlier.conversationId())))) {
      return row.getUUID(0);
    }
    return await(reader.pool.query("select id from message where role = 'system'").execute())
        .iterator()
        .next()
        .getUUID(0);
  }

  private Target mediaThatIsPending() {
    UUID id =
        await(
                reader
                    .pool
                    .preparedQuery(
                        """
                        with shelf as (
                          insert into library (owner_user_id, name) values ($1, 'L') returning id
                        ), member as (
                          insert into membership (library_id, user_id, role)
                          select id, $1, 'admin' from shelf
                        ), pending as (
                          insert into media (kind, title, created_by_user_id)
                          values ('text', 'Not yet', $1) returning id
                        ), held as (
                          insert into library_media (library_id, media_id)
                          select shelf.id, pending.id from shelf, pending
                        )
                        select id from pending
                        """)
                    .execute(Tuple.of(reader.id)))
            .iterator()
            .next()
            .getUUID(0);
    return new Target(ContextType.MEDIA, id);
  }

  private static void execute(String sql) {
    database.execute(sql);
  }
}
