package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import lectern.conversation.Turns.Turn;
import lectern.db.TestingDatabase;
import lectern.models.Model;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
      Set<List<UUID>> before = kept();
      rows("select recompute_conversation_media(id) from conversation");
      assertThat(kept()).as("recomputed, seed %d, step %d", seed, step).isEqualTo(before);
    }
    assertThat(turns).isPositive();
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
    UUID conversation = random.nextInt(3) == 0 ? null : any("conversation").orElse(null);
    Send send = reader.question(conversation, "Q", null);
    Admitted admitted = TestingModels.admitted(send, model, "none", quotes);
    Turn opened = await(Turns.open(reader.pool, admitted, LIMITS, "nobody", reader.node));
    await(Turns.close(reader.pool, TestingClosing.of(opened.assistantMessageId())));
  }

  private Optional<Quoted> quote() {
    String from =
        switch (random.nextInt(5)) {
          case 0 -> "select 'media', m.id, m.id from media m";
          case 1 ->
              "select 'highlight', h.id, f.media_id from highlight h join fragment f on f.id = h.fragment_id";
          case 2 ->
              "select 'annotation', a.id, f.media_id from annotation a join highlight h on h.id ="
                  + " a.highlight_id join fragment f on f.id = h.fragment_id";
          case 3 -> "select 'message', m.id, null::uuid from message m";
          default -> "select 'conversation', c.id, null::uuid from conversation c";
        };
    for (Row row : rows(from + " order by 2 offset " + random.nextInt(4) + " limit 1")) {
      return Optional.of(
          new Quoted(
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
              null));
    }
    return Optional.empty();
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

  private Set<List<UUID>> kept() {
    return pairs("select conversation_id, media_id from conversation_media");
  }

  private Set<List<UUID>> quoted() {
    return pairs(
        "select distinct conversation_id, source_media_id from message_context"
            + " where source_media_id is not null");
  }

  private Set<List<UUID>> pairs(String sql) {
    Set<List<UUID>> pairs = new HashSet<>();
    rows(sql).forEach(row -> pairs.add(List.of(row.getUUID(0), row.getUUID(1))));
    return pairs;
  }

  private RowSet<Row> rows(String sql) {
    return await(reader.pool.query(sql).execute());
  }
}
