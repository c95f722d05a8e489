package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.conversation.Turns.Turn;
import lectern.db.TestingDatabase;
import lectern.models.Model;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which conversations quote which documents stays exact whatever happens: random turns are opened,
 * and everything they hang on is deleted on every road there is. After each step the table is what
 * the contexts say, and what the recompute function would make of it.
 */
class ConversationMediaTest {
  private static final int STEPS = 120;
  private static final String HIGHLIGHTS =
      "select 'highlight', h.id, f.media_id from highlight h join fragment f on f.id = h.fragment_id";

  private static final SendLimits LIMITS = new SendLimits(1_000_000, 1_000_000, Integer.MAX_VALUE);

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private TestingReader reader;
  private Model model;
  private Random random;

  @BeforeEach
  void open() {
    database.execute("truncate users, media cascade");
    reader = new TestingReader(database, LIMITS);
    model = TestingModels.of(reader.model, 1000);
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void the_table_is_exact_after_every_insert_delete_and_cascade(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      shelve();
    }
    int turns = 0;
    for (int step = 0; step < STEPS; step++) {
      String what = step(random.nextInt(20));
      turns += what.equals("turn") ? 1 : 0;
      assertThat(kept()).as("seed %d, step %d: %s", seed, step, what).isEqualTo(quoted());
      Set<List<Object>> before = kept();
      rows("select recompute_conversation_media(id) from conversation");
      assertThat(kept()).as("recomputed, seed %d, step %d", seed, step).isEqualTo(before);
    }
    assertThat(turns).isPositive();
  }

  @Test
  void two_quotes_that_go_at_the_same_moment_leave_nothing() {
    shelve();
    List<Quoted> highlights = highlights();
    turn(null, highlights);
    SqlConnection one = await(reader.pool.getConnection());
    SqlConnection other = await(reader.pool.getConnection());
    Transaction first = await(one.begin());
    Transaction second = await(other.begin());
    await(deletion(one, highlights.getFirst()));
    Future<?> deleted = deletion(other, highlights.getLast());
    awaitDoneOrBlocked(deleted);
    await(first.commit());
    await(deleted.compose(_ -> second.commit()));
    await(Future.all(one.close(), other.close()));
    assertThat(quoted()).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void a_quote_that_comes_as_another_one_goes_stays() {
    shelve();
    List<Quoted> highlights = highlights();
    UUID conversation = turn(null, highlights.subList(0, 1)).conversationId();
    SqlConnection one = await(reader.pool.getConnection());
    Transaction asking = await(one.begin());
    Send send = reader.question(conversation, "Q", null);
    Admitted admitted = TestingModels.admitted(send, model, "none", highlights.subList(1, 2));
    await(new Turns(one).open(admitted, LIMITS, "nobody", reader.node));
    Future<?> deleted = deletion(reader.pool, highlights.getFirst());
    awaitDoneOrBlocked(deleted);
    await(asking.commit());
    await(deleted);
    await(one.close());
    assertThat(kept()).isEqualTo(quoted()).hasSize(1);
  }

  @Test
  void a_document_goes_however_many_conversations_quote_it() {
    shelve();
    database.execute(
        """
        with begun as (
          insert into conversation (owner_user_id)
          select id from users, generate_series(1, 12000) where id = '%s' returning id
        ), asked as (
          insert into message (conversation_id, seq, role, content)
          select id, 1, 'user', 'Q' from begun returning id, conversation_id
        ), quoted as (
          insert into message_context (
            message_id, conversation_id, ordinal, target_type, media_id, source_media_id)
          select asked.id, conversation_id, 0, 'media', media.id, media.id from asked, media
          returning conversation_id, media_id
        )
        insert into conversation_media (conversation_id, media_id)
        select conversation_id, media_id from quoted
        """
            .formatted(reader.id));
    assertThat(kept()).hasSize(12_000);
    database.execute("delete from media");
    assertThat(kept()).isEmpty();
  }

  private void awaitDoneOrBlocked(Future<?> deleted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    String blocked =
        "pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from highlight%'";
    while (!deleted.isComplete() && reader.count(blocked) == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static Future<?> deletion(SqlClient sql, Quoted highlight) {
    return sql.query("delete from highlight where id = '" + highlight.id() + "'").execute();
  }

  private List<Quoted> highlights() {
    List<Quoted> found = new ArrayList<>();
    rows(HIGHLIGHTS + " order by 2").forEach(row -> found.add(quoted(row)));
    return found;
  }

  private String step(int which) {
    switch (which) {
      case 0, 1 -> {
        shelve();
        return "shelve";
      }
      case 2 -> delete("highlight");
      case 3 -> delete("annotation");
      case 4, 5 -> {
        any("message")
            .ifPresent(
                id ->
                    await(
                        reader.pool.withTransaction(
                            sql -> MessageStore.delete(sql, reader.id, id))));
        return "delete message";
      }
      case 6 -> {
        any("conversation")
            .ifPresent(id -> await(ConversationStore.delete(reader.pool, reader.id, id)));
        return "delete conversation";
      }
      case 7 -> delete("media");
      case 8 -> delete("fragment");
      case 9 -> delete("library");
      case 10 ->
          rows(
              "delete from library_media where (library_id, media_id) in (select library_id,"
                  + " media_id from library_media order by random() limit 1)");
      default -> {
        turn();
        return "turn";
      }
    }
    return "step " + which;
  }

  /** A turn in a new conversation or one that is there, quoting up to four things. */
  private void turn() {
    List<Quoted> quotes = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      quote().ifPresent(quotes::add);
    }
    turn(random.nextInt(3) == 0 ? null : any("conversation").orElse(null), quotes);
  }

  private Turn turn(UUID conversation, List<Quoted> quotes) {
    Send send = reader.question(conversation, "Q", null);
    Admitted admitted = TestingModels.admitted(send, model, "none", quotes);
    Turn opened = await(new Turns(reader.pool).open(admitted, LIMITS, "nobody", reader.node));
    await(new Turns(reader.pool).close(TestingClosing.of(opened.assistantMessageId())));
    return opened;
  }

  private Optional<Quoted> quote() {
    String from =
        switch (random.nextInt(5)) {
          case 0 -> "select 'media', m.id, m.id from media m";
          case 1 -> HIGHLIGHTS;
          case 2 ->
              "select 'annotation', a.id, f.media_id from annotation a join highlight h on h.id ="
                  + " a.highlight_id join fragment f on f.id = h.fragment_id";
          case 3 -> "select 'message', m.id, null::uuid from message m";
          default -> "select 'conversation', c.id, null::uuid from conversation c";
        };
    for (Row row : rows(from + " order by 2 offset " + random.nextInt(4) + " limit 1")) {
      return Optional.of(quoted(row));
    }
    return Optional.empty();
  }

  private static Quoted quoted(Row row) {
    return new Quoted(
        ContextType.valueOf(row.getString(0).toUpperCase(Locale.ROOT)),
        row.getUUID(1),
        row.getUUID(2),
        null,
        null,
        null,
        null,
        null,
        "words",
        null,
        null,
        null);
  }

  /** A document with two highlights, one of them annotated, in a library of its own. */
  private void shelve() {
    await(
        reader
            .pool
            .preparedQuery(
                """
                with shelf as (
                  insert into library (owner_user_id, name) values ($1, 'L') returning id
                ), document as (
                  insert into media (kind, title, processing_status) values ('text', 'T', 'ready')
                  returning id
                ), held as (
                  insert into library_media (library_id, media_id)
                  select shelf.id, document.id from shelf, document
                ), text as (
                  insert into fragment (media_id, idx, html_sanitized, canonical_text, text_length)
                  select id, 0, '', 'some words', 10 from document returning id
                ), marked as (
                  insert into highlight (
                    user_id, fragment_id, start_offset, end_offset, color, exact, prefix, suffix)
                  select $1, text.id, n, 5, 'blue', 'x', '', '' from text, generate_series(0, 1) n
                  returning id, start_offset
                )
                insert into annotation (highlight_id, body)
                select id, 'note' from marked where start_offset = 0
                """)
            .execute(Tuple.of(reader.id)));
  }

  private void delete(String table) {
    any(table).ifPresent(id -> rows("delete from " + table + " where id = '" + id + "'"));
  }

  private Optional<UUID> any(String table) {
    for (Row row :
        rows("select id from " + table + " order by id offset " + random.nextInt(5) + " limit 1")) {
      return Optional.of(row.getUUID(0));
    }
    return Optional.empty();
  }

  private Set<List<Object>> kept() {
    return listed("select conversation_id, media_id, last_message_at from conversation_media");
  }

  private Set<List<Object>> quoted() {
    return listed(
        "select conversation_id, source_media_id, max(created_at) from message_context"
            + " where source_media_id is not null group by 1, 2");
  }

  private Set<List<Object>> listed(String sql) {
    Set<List<Object>> listed = new HashSet<>();
    rows(sql)
        .forEach(
            row -> listed.add(List.of(row.getUUID(0), row.getUUID(1), row.getOffsetDateTime(2))));
    return listed;
  }

  private RowSet<Row> rows(String sql) {
    return await(reader.pool.query(sql).execute());
  }
}
