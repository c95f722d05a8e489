package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Conversation.Listing;
import lectern.db.Cursor;
import org.jspecify.annotations.Nullable;

/** Conversations in SQL. Only their owner finds them. */
final class ConversationStore {
  private ConversationStore() {}

  private static final String COLUMNS =
      """
      c.id, c.title, c.sharing, c.created_at, c.updated_at,
      (select count(*) from message m where m.conversation_id = c.id)::int as message_count
      """;

  private static final String LIST =
      "select "
          + COLUMNS
          + """
          from conversation c
          where c.owner_user_id = $1
            and ($2::timestamptz is null or (c.updated_at, c.id) < ($2, $3::uuid))
          order by c.updated_at desc, c.id desc
          limit $4
          """;

  static Future<Listing> list(SqlClient sql, UUID viewer, int limit, @Nullable String cursor) {
    Cursor after = cursor == null ? null : Cursor.read(cursor, 2);
    Tuple parameters =
        Tuple.of(
            viewer,
            after == null ? null : after.time(0),
            after == null ? null : after.id(1),
            limit + 1);
    return sql.preparedQuery(LIST)
        .execute(parameters)
        .map(rows -> listing(rows, limit, row -> Cursor.of(time(row, "updated_at"), id(row))));
  }

  private static final String LIST_QUOTING =
      "select cm.last_message_at, "
          + COLUMNS
          + """
          from conversation_media cm
          join conversation c on c.id = cm.conversation_id
          where cm.media_id = $1 and c.owner_user_id = $2 and can_read_media($2, $1)
            and ($3::timestamptz is null or (cm.last_message_at, c.id) < ($3, $4::uuid))
          order by cm.last_message_at desc, c.id desc
          limit $5
          """;

  static Future<Listing> listQuoting(
      SqlClient sql, UUID viewer, UUID media, int limit, @Nullable String cursor) {
    Cursor after = cursor == null ? null : Cursor.read(cursor, 2);
    Tuple parameters =
        Tuple.of(
            media,
            viewer,
            after == null ? null : after.time(0),
            after == null ? null : after.id(1),
            limit + 1);
    return sql.preparedQuery(LIST_QUOTING)
        .execute(parameters)
        .map(rows -> listing(rows, limit, row -> Cursor.of(time(row, "last_message_at"), id(row))));
  }

  private static final String FIND =
      "select " + COLUMNS + " from conversation c where c.id = $1 and c.owner_user_id = $2";

  static Future<Conversation> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND).execute(Tuple.of(id, viewer)).map(ConversationStore::only);
  }

  private static final String INSERT =
      "insert into conversation as c (owner_user_id) values ($1) returning " + COLUMNS;

  static Future<Conversation> insert(SqlClient sql, UUID viewer) {
    return sql.preparedQuery(INSERT).execute(Tuple.of(viewer)).map(ConversationStore::only);
  }

  private static final String RENAME =
      "update conversation as c set title = $3 where c.id = $1 and c.owner_user_id = $2 returning "
          + COLUMNS;

  static Future<Conversation> rename(SqlClient sql, UUID viewer, UUID id, String title) {
    return sql.preparedQuery(RENAME)
        .execute(Tuple.of(id, viewer, title))
        .map(ConversationStore::only);
  }

  private static final String DELETE =
      """
      with growing as (
        select m.id, g.owner
        from message m
        join generation g on g.message_id = m.id
        where m.conversation_id = $1 and m.status = 'pending'
      ), gone as (
        delete from conversation where id = $1 and owner_user_id = $2 returning id
      )
      select gone.id, growing.id as growing_id, growing.owner
      from gone left join growing on true
      """;

  /** Deletes it with its messages, and says which answer was growing there, if one was. */
  static Future<Optional<Owned>> delete(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(DELETE)
        .execute(Tuple.of(id, viewer))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw missing();
              }
              Row row = rows.iterator().next();
              UUID growing = row.getUUID("growing_id");
              return growing == null
                  ? Optional.empty()
                  : Optional.of(new Owned(growing, row.getString("owner")));
            });
  }

  /** An answer and the address that grows it. */
  record Owned(UUID messageId, String owner) {}

  static Refusal missing() {
    return new Refusal(Code.E_CONVERSATION_NOT_FOUND, "There is no such conversation.");
  }

  private static Conversation only(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw missing();
    }
    return conversation(rows.iterator().next());
  }

  private static Listing listing(RowSet<Row> rows, int limit, Function<Row, String> cursor) {
    List<Conversation> page = new ArrayList<>();
    String next = null;
    String last = "";
    for (Row row : rows) {
      if (page.size() == limit) {
        next = last;
        break;
      }
      page.add(conversation(row));
      last = cursor.apply(row);
    }
    return new Listing(page, next);
  }

  private static Conversation conversation(Row row) {
    return new Conversation(
        id(row),
        row.getString("title"),
        row.getString("sharing"),
        row.getInteger("message_count"),
        time(row, "created_at"),
        time(row, "updated_at"));
  }

  private static UUID id(Row row) {
    return row.getUUID("id");
  }

  private static OffsetDateTime time(Row row, String column) {
    return row.getOffsetDateTime(column);
  }
}
