package lectern.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Json;
import org.jspecify.annotations.Nullable;

/** What was promised under a reader's idempotency keys, for 24 hours each. */
final class IdempotencyStore {
  private IdempotencyStore() {}

  private static final String FIND =
      """
      select i.payload_hash, i.conversation_id, i.user_message_id, i.assistant_message_id,
        coalesce(o.provider, '')
      from idempotency_key i
      left join message m on m.id = i.assistant_message_id
      left join models o on o.id = m.model_id
      where i.user_id = $1 and i.key = $2 and i.expires_at > now()
      """;

  static Future<Optional<Promise>> find(SqlClient sql, UUID viewer, String key) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(viewer, key))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              return Optional.of(
                  new Promise(
                      row.getString(0),
                      row.getUUID(1),
                      row.getUUID(2),
                      row.getUUID(3),
                      row.getString(4)));
            });
  }

  private static final String DELETE_EXPIRED =
      """
      delete from idempotency_key
      where (user_id, key) in (
        select user_id, key from idempotency_key where expires_at <= now() limit 1000 for update skip locked)
      """;

  /** Forgets what has expired, a thousand at a time. */
  static Future<Integer> deleteExpired(SqlClient sql) {
    return sql.preparedQuery(DELETE_EXPIRED).execute().map(rows -> rows.rowCount());
  }

  /** What two sends must share to be the same request: everything but the key. */
  static String hash(Send send, String question) {
    List<@Nullable Object> parts = new ArrayList<>();
    parts.add(String.valueOf(send.conversationId()));
    parts.add(question);
    parts.add(send.modelId());
    parts.add(send.keyMode());
    parts.add(send.contexts());
    if (send.replacesMessageId() != null) {
      parts.add(send.replacesMessageId());
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.text(parts).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The turn a key stands for. */
  record Promise(
      String payloadHash,
      UUID conversationId,
      UUID userMessageId,
      UUID assistantMessageId,
      String provider) {}
}
