package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a prompt is rendered from, read back from what the opening transaction stored. */
final class PromptStore {
  private PromptStore() {}

  private static final String LIST_EARLIER =
      """
      select role, content
      from (
        select m.seq, m.role, m.content,
          sum(char_length(m.content)) over (order by m.seq desc) as so_far
        from message m
        where m.conversation_id = $1 and m.seq < $2 and m.status = 'complete'
          and m.role in ('user', 'assistant')
      ) earlier
      where so_far <= $3
      order by seq
      """;

  /** Earlier messages that were answered well, oldest first: as many of the newest as fit. */
  static Future<List<Earlier>> listEarlier(
      SqlClient sql, UUID conversation, int beforeSeq, int maxCharacters) {
    return sql.preparedQuery(LIST_EARLIER)
        .execute(Tuple.of(conversation, beforeSeq, (long) maxCharacters))
        .map(
            rows -> {
              List<Earlier> found = new ArrayList<>();
              rows.forEach(row -> found.add(new Earlier(row.getString(0), row.getString(1))));
              return List.copyOf(found);
            });
  }

  /** An earlier message: role and words. */
  record Earlier(String role, String content) {}
}
