package lectern.identity;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code users}. */
final class UserStore {
  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtext('lectern: first account'))";

  private static final String ANY = "select exists (select from users)";

  private static final String INSERT =
      """
      insert into users (email, name, password_hash, is_admin)
      values ($1, $2, $3, $4)
      returning id, email, name, is_admin, created_at
      """;

  private static final String FIND =
      """
      select id, email, name, is_admin, created_at
      from users
      where id = $1
      """;

  private static final String FIND_BY_EMAIL =
      """
      select id, email, name, is_admin, created_at, password_hash
      from users
      where email = $1
      """;

  /** Makes those who register wait for one another until their transactions end. */
  Future<Void> lockRegistration(SqlClient transaction) {
    return transaction.query(LOCK).execute().mapEmpty();
  }

  Future<Boolean> isAnybodyThere(SqlClient client) {
    return client.query(ANY).execute().map(rows -> rows.iterator().next().getBoolean(0));
  }

  Future<User> insert(SqlClient client, NewAccount account, String hash, boolean admin) {
    return client
        .preparedQuery(INSERT)
        .execute(Tuple.of(account.email(), account.name(), hash, admin))
        .map(rows -> user(rows.iterator().next()));
  }

  Future<Optional<User>> find(SqlClient client, UUID id) {
    return client
        .preparedQuery(FIND)
        .execute(Tuple.of(id))
        .map(rows -> first(rows).map(UserStore::user));
  }

  Future<Optional<WithPassword>> findByEmail(SqlClient client, String email) {
    return client
        .preparedQuery(FIND_BY_EMAIL)
        .execute(Tuple.of(email))
        .map(rows -> first(rows).map(UserStore::withPassword));
  }

  /** {@code hash} is null for people who sign in elsewhere. */
  record WithPassword(User user, @Nullable String hash) {
    @Override
    public String toString() {
      return "WithPassword[" + user.id() + "]";
    }
  }

  private static Optional<Row> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
  }

  private static WithPassword withPassword(Row row) {
    return new WithPassword(user(row), row.getString("password_hash"));
  }

  private static User user(Row row) {
    return new User(
        row.getUUID("id"),
        row.getString("email"),
        row.getString("name"),
        row.getBoolean("is_admin"),
        row.getOffsetDateTime("created_at"));
  }
}
