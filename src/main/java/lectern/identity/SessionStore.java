package lectern.identity;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** The table {@code session}. */
final class SessionStore {
  /** Thirty days: long enough for a browser at home, short enough for one that was forgotten. */
  private static final String INSERT =
      """
      insert into session (user_id, expires_at)
      values ($1, now() + interval '30 days')
      returning id, expires_at
      """;

  private static final String FIND_OPEN =
      """
      select s.id, s.user_id, s.expires_at, u.is_admin
      from session s
      join users u on u.id = s.user_id
      where s.id = $1
        and s.user_id = $2
        and s.revoked_at is null
        and s.expires_at > now()
      """;

  private static final String MARK_REVOKED =
      """
      update session
      set revoked_at = now()
      where id = $1
        and revoked_at is null
      """;

  Future<Opened> insert(SqlClient client, UUID user) {
    return client
        .preparedQuery(INSERT)
        .execute(Tuple.of(user))
        .map(rows -> opened(rows.iterator().next()));
  }

  Future<Optional<Viewer>> findOpen(SqlClient client, UUID session, UUID user) {
    return client
        .preparedQuery(FIND_OPEN)
        .execute(Tuple.of(session, user))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(viewer(rows.iterator().next())));
  }

  Future<Void> markRevoked(SqlClient client, UUID session) {
    return client.preparedQuery(MARK_REVOKED).execute(Tuple.of(session)).mapEmpty();
  }

  record Opened(UUID id, OffsetDateTime expiresAt) {}

  private static Opened opened(Row row) {
    return new Opened(row.getUUID("id"), row.getOffsetDateTime("expires_at"));
  }

  private static Viewer viewer(Row row) {
    return new Viewer(
        row.getUUID("user_id"),
        row.getUUID("id"),
        row.getBoolean("is_admin"),
        row.getOffsetDateTime("expires_at"));
  }
}
