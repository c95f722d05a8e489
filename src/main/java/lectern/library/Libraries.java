package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** What other features need of libraries, within transactions of their own. */
public final class Libraries {
  private Libraries() {}

  /** The name of everybody's first library. */
  static final String DEFAULT_NAME = "My Library";

  /** Racing calls meet at the unique index; the loser's no-op update hands it the winner's row. */
  private static final String ENSURE_DEFAULT =
      """
      with mine as (
        insert into library (owner_user_id, name, is_default)
        values ($1, $2, true)
        on conflict (owner_user_id) where is_default
        do update set owner_user_id = excluded.owner_user_id
        returning id
      ), belongs as (
        insert into membership (library_id, user_id, role)
        select id, $1, 'admin' from mine
        on conflict (library_id, user_id) do update set role = 'admin'
        where membership.role <> 'admin'
      )
      select id from mine
      """;

  private static final String FIND_DEFAULT =
      """
      select l.id
      from library l
      join membership m on m.library_id = l.id and m.user_id = $1 and m.role = 'admin'
      where l.owner_user_id = $1 and l.is_default
      """;

  /**
   * The id of the user's default library, made on first sight of the user together with its
   * membership, and repaired where that is missing. Safe when called twice at once. A look first,
   * because once it is there this is asked on every sign-in and writes nothing.
   */
  public static Future<UUID> ensureDefault(SqlClient sql, UUID user) {
    return sql.preparedQuery(FIND_DEFAULT)
        .execute(Tuple.of(user))
        .compose(
            found ->
                found.size() > 0
                    ? Future.succeededFuture(id(found.iterator().next()))
                    : makeDefault(sql, user));
  }

  private static Future<UUID> makeDefault(SqlClient sql, UUID user) {
    return sql.preparedQuery(ENSURE_DEFAULT)
        .execute(Tuple.of(user, DEFAULT_NAME))
        .map(made -> id(made.iterator().next()));
  }

  private static UUID id(Row row) {
    return row.getUUID("id");
  }
}
