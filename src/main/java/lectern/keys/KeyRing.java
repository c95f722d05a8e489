package lectern.keys;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lectern.db.Database;

/**
 * The table {@code master_key}: the version of each master key this database has seen, known by its
 * mark. Whatever order keys are set in, and whichever are left out later, a version stays the same.
 */
final class KeyRing {
  private KeyRing() {}

  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtext('lectern: master keys'))";

  private static final String INSERT =
      """
      insert into master_key (version, mark)
      select (select coalesce(max(version), 0) from master_key) + row_number() over (order by m.place desc), m.mark
      from unnest($1::bytea[]) with ordinality as m (mark, place)
      where not exists (select from master_key k where k.mark = m.mark)
      """;

  private static final String LIST = "select version, mark from master_key";

  /**
   * The vault of these keys, the first of which seals; a key that the database sees for the first
   * time gets the next version.
   */
  static Future<Vault> open(Database database, SodiumJava sodium, List<SealingKey> keys) {
    return database
        .transaction(sql -> register(sql, keys))
        .map(
            versions -> {
              Map<Integer, byte[]> ring = new HashMap<>();
              keys.forEach(key -> ring.put(versionOf(versions, key), key.key()));
              return new Vault(sodium, ring, versionOf(versions, keys.getFirst()));
            });
  }

  private static Future<Map<Buffer, Integer>> register(SqlClient sql, List<SealingKey> keys) {
    Buffer[] marks = keys.stream().map(KeyRing::mark).toArray(Buffer[]::new);
    return sql.query(LOCK)
        .execute()
        .compose(_ -> sql.preparedQuery(INSERT).execute(Tuple.tuple().addArrayOfBuffer(marks)))
        .compose(_ -> sql.query(LIST).execute())
        .map(
            rows -> {
              Map<Buffer, Integer> versions = new HashMap<>();
              for (Row row : rows) {
                versions.put(row.getBuffer("mark"), row.getInteger("version"));
              }
              return versions;
            });
  }

  private static Buffer mark(SealingKey key) {
    return Buffer.buffer(key.mark());
  }

  private static int versionOf(Map<Buffer, Integer> versions, SealingKey key) {
    Integer version = versions.get(mark(key));
    if (version == null) {
      throw new IllegalStateException("a master key was not registered");
    }
    return version;
  }
}
