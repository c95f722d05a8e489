package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;

/** What questions quote, in SQL. */
final class ContextStore {
  private ContextStore() {}

  /**
   * Joins {@code contexts.list} to a {@code message m}: what it quotes, in order, as far as the
   * viewer, $1, may still read it.
   *
   * @param others members of each besides the common ones, as in {@code jsonb_build_object}, of
   *     {@code message_context x}
   */
  static String visible(String others) {
    return """
      left join lateral (
        select jsonb_agg(jsonb_build_object(
            'type', x.target_type,
            'id', coalesce(x.media_id, x.highlight_id, x.annotation_id,
                           x.referred_message_id, x.referred_conversation_id),
            'fragment_id', x.fragment_id,
            'start_offset', x.start_offset,
            'end_offset', x.end_offset,
            'quoted_text', x.quoted_text,
            'note', x.note,
            %s) order by x.ordinal) as list
        from message_context x
        where x.message_id = m.id
          and (x.source_media_id is null or can_read_media($1, x.source_media_id))
      ) contexts on true
      """
        .formatted(others);
  }

  private static final String FIND_REPLACED =
      """
      select m.conversation_id, m.role, contexts.list
      from message m
      join conversation c on c.id = m.conversation_id and c.owner_user_id = $1
      %s
      where m.id = $2
      """
          .formatted(
              visible(
                  """
                  'source_media_id', x.source_media_id,
                  'source_title', x.source_title,
                  'source_url', x.source_url,
                  'window_text', x.window_text,
                  'window_start', x.window_start
                  """));

  /**
   * What the question quotes whose place this one is to take, as it was quoted then. Refuses what
   * is not a question of the conversation that is sent to.
   */
  static Future<List<Quoted>> findReplaced(SqlClient sql, Send send) {
    return sql.preparedQuery(FIND_REPLACED)
        .execute(Tuple.of(send.viewer(), send.replacesMessageId()))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw MessageStore.missing();
              }
              return quoted(rows.iterator().next(), send);
            });
  }

  private static List<Quoted> quoted(Row row, Send send) {
    if (!row.getUUID(0).equals(send.conversationId())) {
      throw MessageStore.missing();
    }
    if (!row.getString(1).equals("user")) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Only a question can be replaced.")
          .with("field", "replaces_message_id");
    }
    JsonArray list = row.getJsonArray(2);
    return list == null ? List.of() : Json.list(list, Quoted.class);
  }
}
