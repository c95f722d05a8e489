package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** What a prompt is rendered from, read back from what the opening transaction stored. */
final class PromptStore {
  /** Earlier turns that are looked at; so many short ones are more than a model makes use of. */
  static final int MAX_TURNS = 200;

  private PromptStore() {}

  private static final String LIST_EARLIER =
      """
      select question, answer
      from (
        select q.seq, q.content as question, a.content as answer,
          sum(char_length(q.content) + char_length(a.content)) over (order by q.seq desc) as so_far
        from message q
        join message a on a.conversation_id = q.conversation_id and a.seq = q.seq + 1
        where q.conversation_id = $1 and q.seq < $2 and q.role = 'user'
          and a.role = 'assistant' and a.status = 'complete' and a.content <> ''
          and not exists (
            select 1 from message r
            where r.conversation_id = $1 and r.seq <= $2
              and r.replaces_from_seq <= q.seq and r.seq > q.seq)
        order by q.seq desc
        limit $4
      ) earlier
      where so_far <= $3
      order by seq desc
      """;

  /**
   * Earlier turns that were answered well and stand, oldest first: as many of the newest as fit.
   */
  static Future<List<Earlier>> listEarlier(
      SqlClient sql, UUID conversation, int beforeSeq, int maxCharacters) {
    return sql.preparedQuery(LIST_EARLIER)
        .execute(Tuple.of(conversation, beforeSeq, (long) maxCharacters, MAX_TURNS))
        .map(
            rows -> {
              List<Earlier> found = new ArrayList<>();
              rows.forEach(row -> found.add(new Earlier(row.getString(0), row.getString(1))));
              Collections.reverse(found);
              return List.copyOf(found);
            });
  }

  /** An earlier turn: what was asked, and what was answered. */
  record Earlier(String question, String answer) {
    /** Lengths only: what was said is never shown by accident. */
    @Override
    public String toString() {
      return "Earlier[question=%d, answer=%d]".formatted(question.length(), answer.length());
    }

    int length() {
      return question.length() + answer.length();
    }
  }
}
