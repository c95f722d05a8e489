package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.IntStream;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;

/**
 * A question whose place another one is to take.
 *
 * @param quoted what it quotes, as it was quoted then, as far as the viewer may still read it
 */
record Replaced(List<Quoted> quoted) {
  Replaced {
    quoted = List.copyOf(quoted);
  }

  private static final String FIND =
      """
      select m.conversation_id, m.role, contexts.list
      from message m
      join conversation c on c.id = m.conversation_id and c.owner_user_id = $1
      left join lateral (
        select jsonb_agg(jsonb_build_object(
            'type', x.target_type,
            'id', coalesce(x.media_id, x.highlight_id, x.annotation_id,
                           x.referred_message_id, x.referred_conversation_id),
            'source_media_id', x.source_media_id,
            'source_title', x.source_title,
            'source_url', x.source_url,
            'fragment_id', x.fragment_id,
            'start_offset', x.start_offset,
            'end_offset', x.end_offset,
            'quoted_text', x.quoted_text,
            'note', x.note,
            'window_text', x.window_text,
            'window_start', x.window_start) order by x.ordinal) as list
        from message_context x
        where x.message_id = m.id
          and (x.source_media_id is null or can_read_media($1, x.source_media_id))
      ) contexts on true
      where m.id = $2
      """;

  /** Refuses what is not a question of the conversation that is sent to. */
  static Future<Replaced> find(SqlClient sql, Send send) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(send.viewer(), send.replacesMessageId()))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw MessageStore.missing();
              }
              return replaced(rows.iterator().next(), send);
            });
  }

  private static Replaced replaced(Row row, Send send) {
    if (!row.getUUID(0).equals(send.conversationId())) {
      throw MessageStore.missing();
    }
    if (!row.getString(1).equals("user")) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Only a question can be replaced.")
          .with("field", "replaces_message_id");
    }
    JsonArray list = row.getJsonArray(2);
    return new Replaced(
        list == null
            ? List.of()
            : IntStream.range(0, list.size())
                .mapToObj(i -> Json.read(list.getJsonObject(i).toBuffer().getBytes(), Quoted.class))
                .toList());
  }
}
