package lectern.keys;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import lectern.keys.Rotation.Resealed;

/** What a rotation does alike to both tables that hold sealed keys. */
final class RotationStore {
  private RotationStore() {}

  private static final String RESEAL =
      """
      update %s k
      set encrypted_key = s.bytes, key_nonce = s.nonce, master_key_version = $4
      from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as s (id, bytes, nonce)
      where k.id = s.id
      """;

  private static final String RESEAL_KEYS = RESEAL.formatted("user_api_key");
  private static final String RESEAL_CONNECTIONS = RESEAL.formatted("user_connection");

  /** The same keys of providers under another seal. */
  static Future<Integer> resealKeys(SqlClient transaction, List<Resealed> keys, int version) {
    return reseal(transaction, RESEAL_KEYS, keys, version);
  }

  /** The same keys of connections under another seal. */
  static Future<Integer> resealConnections(
      SqlClient transaction, List<Resealed> keys, int version) {
    return reseal(transaction, RESEAL_CONNECTIONS, keys, version);
  }

  private static Future<Integer> reseal(
      SqlClient transaction, String update, List<Resealed> keys, int version) {
    return transaction
        .preparedQuery(update)
        .execute(Resealed.parameters(keys).addInteger(version))
        .map(rows -> rows.rowCount());
  }

  private static final String COUNT_OLDER =
      """
      select (
        (select count(*) from user_api_key where master_key_version <> $1)
        + (select count(*) from user_connection where master_key_version <> $1)
      )::int
      """;

  /** How many keys of both kinds another master key seals. */
  static Future<Integer> countOlder(SqlClient sql, int version) {
    return sql.preparedQuery(COUNT_OLDER)
        .execute(Tuple.of(version))
        .map(rows -> rows.iterator().next().getInteger(0));
  }
}
