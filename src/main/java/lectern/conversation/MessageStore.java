package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import lectern.conversation.Message.ListOf;
import lectern.conversation.Message.Listing;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Standing;
import lectern.db.Cursor;
import lectern.models.KeyMode;
import org.jspecify.annotations.Nullable;

/** Messages in SQL, each with its contexts and its usage, in one query a page. */
final class MessageStore {
  private MessageStore() {}

  /** What an answer took, of `message_llm l`. */
  private static final String USAGE =
      """
      l.provider, l.model_name, l.model_requested, l.prompt_tokens, l.completion_tokens,
      l.total_tokens, l.cached_tokens, l.reasoning_tokens, l.cost_usd_micros, l.latency_ms,
      l.first_token_ms, l.key_mode_requested, l.key_mode_used, l.provider_request_id,
      l.prompt_version, l.retry_after_seconds, l.attempts
      """;

  /**
   * What is selected for a message; $1 is the viewer. A context the viewer may not see is left out.
   */
  private static final String SELECT =
      """
      select m.id, m.conversation_id, m.seq, m.role, m.content, m.status, m.error_code,
        m.finish_reason, m.model_id, m.created_at, m.updated_at,
        m.replaces_message_id, newer.id as replaced_by_message_id,
        exists (
          select 1 from message r
          where r.conversation_id = m.conversation_id
            and r.replaces_from_seq <= m.seq and r.seq > m.seq) as set_aside,
        %s, contexts.list as contexts
      from message m
      join conversation c on c.id = m.conversation_id and c.owner_user_id = $1
      left join message newer on newer.replaces_message_id = m.id
      left join message_llm l on l.message_id = m.id
      %s
      """
          .formatted(
              USAGE,
              ContextStore.visible(
                  """
                  'ordinal', x.ordinal,
                  'media_id', x.source_media_id,
                  'title', x.source_title
                  """));

  private static final String AFTER =
      SELECT + "where m.conversation_id = $2 and m.seq > $3 order by m.seq limit $4";

  private static final String BEFORE =
      SELECT + "where m.conversation_id = $2 and m.seq < $3 order by m.seq desc limit $4";

  /** One page, oldest first; an empty one may mean that the conversation is not the viewer's. */
  static Future<Listing> list(SqlClient sql, ListOf wanted) {
    Cursor cursor = wanted.cursor() == null ? null : Cursor.read(wanted.cursor(), 2);
    boolean backwards = cursor == null ? wanted.fromNewest() : isBefore(cursor);
    int from = cursor != null ? cursor.number(1) : backwards ? Integer.MAX_VALUE : 0;
    return sql.preparedQuery(backwards ? BEFORE : AFTER)
        .execute(Tuple.of(wanted.viewer(), wanted.conversationId(), from, wanted.limit() + 1))
        .map(rows -> listing(rows, wanted.limit(), backwards, cursor != null));
  }

  private static boolean isBefore(Cursor cursor) {
    return cursor.word(0, "after", "before").equals("before");
  }

  /** A page that a cursor led to has another one behind it: the one that the cursor came from. */
  private static Listing listing(
      RowSet<Row> rows, int limit, boolean backwards, boolean fromCursor) {
    List<Message> page = new ArrayList<>();
    rows.forEach(row -> page.add(message(row)));
    boolean more = page.size() > limit;
    if (more) {
      page.removeLast();
    }
    if (page.isEmpty()) {
      return new Listing(page, null, null);
    }
    if (backwards) {
      Collections.reverse(page);
    }
    boolean after = backwards ? fromCursor : more;
    boolean before = backwards ? more : fromCursor;
    return new Listing(
        page,
        after ? Cursor.of("after", page.getLast().seq()) : null,
        before ? Cursor.of("before", page.getFirst().seq()) : null);
  }

  private static final String FIND = SELECT + "where m.id = $2";

  static Future<Message> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(viewer, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw missing();
              }
              return message(rows.iterator().next());
            });
  }

  private static final String FIND_TWO = SELECT + "where m.id in ($2, $3)";

  /** Two messages by their ids, in one statement. */
  static Future<Map<UUID, Message>> findTwo(SqlClient sql, UUID viewer, UUID one, UUID other) {
    return sql.preparedQuery(FIND_TWO)
        .execute(Tuple.of(viewer, one, other))
        .map(
            rows -> {
              Map<UUID, Message> found = new HashMap<>();
              rows.forEach(row -> found.put(row.getUUID("id"), message(row)));
              if (found.size() < 2) {
                throw missing();
              }
              return found;
            });
  }

  private static final String FIND_STANDING =
      SELECT.replace(
              "contexts.list as contexts",
              """
              contexts.list as contexts, coalesce(g.fence, 1) as fence,
              case when m.status = 'pending' then g.owner end as owner,
              coalesce(l.provider, o.provider, '') as asked_provider
              """)
          + """
          left join generation g on g.message_id = m.id
          left join models o on o.id = m.model_id
          where m.id = $2 and m.role = 'assistant'
          """;

  /** Where an answer stands, for those who want to watch it. */
  static Future<Standing> findStanding(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND_STANDING)
        .execute(Tuple.of(viewer, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw missing();
              }
              Row row = rows.iterator().next();
              return new Standing(
                  message(row),
                  row.getString("asked_provider"),
                  row.getString("owner"),
                  row.getInteger("fence"));
            });
  }

  private static final String FIND_END =
      "select m.status, m.error_code, m.finish_reason, "
          + USAGE
          + """
          from message m
          left join message_llm l on l.message_id = m.id
          where m.id = $1 and m.status <> 'pending'
          """;

  /** How an answer ended, for its owner; empty when the message is gone. */
  static Future<Optional<End>> findEnd(SqlClient sql, UUID id) {
    return sql.preparedQuery(FIND_END)
        .execute(Tuple.of(id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              String code = row.getString(1);
              String sentence = code == null ? null : Sentences.of(code);
              return Optional.of(
                  new End(row.getString(0), code, sentence, row.getString(2), usage(row)));
            });
  }

  private static final String LOCK_FOR_DELETE =
      """
      select c.id, m.status, g.owner
      from message m
      join conversation c on c.id = m.conversation_id
      left join generation g on g.message_id = m.id
      where m.id = $1 and c.owner_user_id = $2
      for update of c
      """;

  private static final String DELETE = "delete from message where id = $1";

  private static final String DELETE_EMPTIED =
      """
      delete from conversation c
      where c.id = $1 and not exists (select 1 from message m where m.conversation_id = c.id)
      """;

  /**
   * Deletes a message, and with the last one its conversation. Needs a transaction: the
   * conversation is locked first, so that two last messages deleted at once do not leave an empty
   * one behind.
   *
   * @return the owner of the answer if it was growing
   */
  static Future<Optional<String>> delete(SqlConnection sql, UUID viewer, UUID id) {
    return sql.preparedQuery(LOCK_FOR_DELETE)
        .execute(Tuple.of(id, viewer))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.failedFuture(missing());
              }
              Row row = rows.iterator().next();
              Optional<String> owner =
                  "pending".equals(row.getString("status"))
                      ? Optional.ofNullable(row.getString("owner"))
                      : Optional.empty();
              return sql.preparedQuery(DELETE)
                  .execute(Tuple.of(id))
                  .compose(
                      _ -> sql.preparedQuery(DELETE_EMPTIED).execute(Tuple.of(row.getUUID("id"))))
                  .map(_ -> owner);
            });
  }

  static Refusal missing() {
    return new Refusal(Code.E_MESSAGE_NOT_FOUND, "There is no such message.");
  }

  private static Message message(Row row) {
    String errorCode = row.getString("error_code");
    return new Message(
        row.getUUID("id"),
        row.getUUID("conversation_id"),
        row.getInteger("seq"),
        row.getString("role"),
        row.getString("content"),
        row.getString("status"),
        errorCode,
        errorCode == null ? null : Sentences.of(errorCode),
        row.getString("finish_reason"),
        row.getUUID("model_id"),
        contexts(row.getJsonArray("contexts")),
        usage(row),
        row.getUUID("replaces_message_id"),
        row.getUUID("replaced_by_message_id"),
        row.getBoolean("set_aside"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("updated_at"));
  }

  private static List<Context> contexts(@Nullable JsonArray list) {
    return list == null ? List.of() : Json.list(list, Context.class);
  }

  private static @Nullable AnswerUsage usage(Row row) {
    if (row.getString("model_name") == null) {
      return null;
    }
    return new AnswerUsage(
        row.getString("provider"),
        row.getString("model_name"),
        row.getString("model_requested"),
        row.getInteger("prompt_tokens"),
        row.getInteger("completion_tokens"),
        row.getInteger("total_tokens"),
        row.getInteger("cached_tokens"),
        row.getInteger("reasoning_tokens"),
        row.getLong("cost_usd_micros"),
        row.getInteger("latency_ms"),
        row.getInteger("first_token_ms"),
        KeyMode.of(row.getString("key_mode_requested")),
        row.getString("key_mode_used"),
        row.getString("provider_request_id"),
        row.getString("prompt_version"),
        row.getInteger("retry_after_seconds"),
        Json.list(row.getJsonArray("attempts"), AnswerUsage.Attempt.class));
  }
}
