package lectern;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.db.TestingDatabase;
import org.jspecify.annotations.Nullable;

/**
 * What the database has of one schedule in the end.
 *
 * @param numbers of each conversation, the number its next question gets
 */
record Ledger(List<Generation> generations, List<Message> messages, Map<String, Integer> numbers) {

  /**
   * An answer that was begun.
   *
   * @param fence 1, and one more for each time that somebody else took it over
   * @param lasted seconds from its beginning to its end
   * @param silence seconds from the last beat of its node to its end; less than none where the node
   *     has lived on
   */
  record Generation(
      String answer,
      String conversation,
      int fence,
      boolean ended,
      @Nullable Integer spent,
      @Nullable Double lasted,
      @Nullable Double silence) {

    /** Whether somebody else ended it. */
    boolean wasTakenOver() {
      return fence > 1;
    }

    /** Whether that was because its node had died. */
    boolean isOrphan() {
      return wasTakenOver() && silence != null && silence >= History.SILENT;
    }
  }

  /**
   * @param accounted whether what an answer took is stored with it
   */
  record Message(
      String id,
      String conversation,
      int seq,
      String role,
      String status,
      String content,
      @Nullable String code,
      @Nullable String finish,
      @Nullable String replaces,
      boolean accounted) {}

  private static final String GENERATIONS =
      """
      select g.message_id::text, g.conversation_id::text, g.fence, g.ended_at is not null,
        g.spent_tokens, extract(epoch from g.ended_at - g.created_at)::float8,
        extract(epoch from g.ended_at - n.beat_at)::float8
      from generation g
      left join node n on n.id = g.node_id
      where starts_with(g.request_id, $1)
      """;

  private static final String MESSAGES =
      """
      select m.id::text, m.conversation_id::text, m.seq, m.role, m.status, m.content, m.error_code,
        m.finish_reason, m.replaces_message_id::text, l.message_id is not null
      from message m
      left join message_llm l on l.message_id = m.id
      where m.conversation_id = any($1)
      """;

  private static final String NUMBERS =
      "select id::text, next_seq from conversation where id = any($1)";

  /** All that requests with ids that begin like this left, and all of these conversations. */
  static Ledger read(TestingDatabase database, String requests, Stream<String> conversations) {
    List<Generation> generations = new ArrayList<>();
    for (Row row : rows(database, GENERATIONS, Tuple.of(requests))) {
      generations.add(
          new Generation(
              row.getString(0),
              row.getString(1),
              row.getInteger(2),
              row.getBoolean(3),
              row.getInteger(4),
              row.getDouble(5),
              row.getDouble(6)));
    }
    UUID[] ids =
        Stream.concat(conversations, generations.stream().map(Generation::conversation))
            .distinct()
            .map(UUID::fromString)
            .toArray(UUID[]::new);
    List<Message> messages = new ArrayList<>();
    for (Row row : rows(database, MESSAGES, Tuple.tuple().addArrayOfUUID(ids))) {
      messages.add(
          new Message(
              row.getString(0),
              row.getString(1),
              row.getInteger(2),
              row.getString(3),
              row.getString(4),
              row.getString(5),
              row.getString(6),
              row.getString(7),
              row.getString(8),
              row.getBoolean(9)));
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (Row row : rows(database, NUMBERS, Tuple.tuple().addArrayOfUUID(ids))) {
      numbers.put(row.getString(0), row.getInteger(1));
    }
    return new Ledger(generations, messages, numbers);
  }

  private static Iterable<Row> rows(TestingDatabase database, String sql, Tuple parameters) {
    return TestingDatabase.await(database.pool().preparedQuery(sql).execute(parameters));
  }

  boolean isSettled() {
    return generations.stream().allMatch(Generation::ended);
  }

  /** Answers that were ended for a node that had died. */
  long orphans() {
    return generations.stream().filter(Generation::isOrphan).count();
  }
}
