package lectern.identity;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import lectern.janitor.Sweep;

/** What signing in leaves behind once it is of no use: ended sessions and old failures. */
public final class Leftovers {
  private static final String DELETE_SESSIONS =
      """
      delete from session
      where id in (
        select id from session
        where expires_at < now() - interval '1 day' or revoked_at < now() - interval '1 day'
        limit 1000 for update skip locked)
      """;

  private static final String DELETE_FAILURES =
      """
      delete from sign_in_failure
      where id in (
        select id from sign_in_failure
        where failed_at < now() - interval '1 day'
        limit 1000 for update skip locked)
      """;

  private Leftovers() {}

  public static List<Sweep> sweeps(Pool pool) {
    return List.of(
        new Sweep("ended_sessions", Duration.ofMinutes(10), () -> delete(pool, DELETE_SESSIONS)),
        new Sweep(
            "old_sign_in_failures", Duration.ofMinutes(10), () -> delete(pool, DELETE_FAILURES)));
  }

  private static Future<Integer> delete(Pool pool, String statement) {
    return pool.preparedQuery(statement).execute().map(rows -> rows.rowCount());
  }
}
