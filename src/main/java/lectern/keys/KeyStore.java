package lectern.keys;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lectern.keys.Key.Stored;
import lectern.keys.Key.Ticket;
import lectern.keys.Rotation.Older;

/** The table {@code user_api_key}. */
final class KeyStore {
  private KeyStore() {}

  private static final String LIST =
      """
      select id, provider, key_fingerprint, status, created_at, last_tested_at
      from user_api_key
      where user_id = $1
      order by created_at desc, id
      """;

  static Future<List<Key>> list(SqlClient sql, UUID user) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(user))
        .map(rows -> all(rows).map(KeyStore::key).toList());
  }

  private static final String UPSERT =
      """
      insert into user_api_key as k (
        user_id, provider, encrypted_key, key_nonce, master_key_version, key_fingerprint)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (user_id, provider) do update
      set encrypted_key = excluded.encrypted_key,
        key_nonce = excluded.key_nonce,
        master_key_version = excluded.master_key_version,
        key_fingerprint = excluded.key_fingerprint,
        edition = k.edition + 1,
        status = 'untested',
        last_tested_at = null,
        revoked_at = null
      returning id, provider, key_fingerprint, status, created_at, last_tested_at, edition
      """;

  /** A key in the place of the one before, which keeps the id and is judged anew. */
  static Future<Stored> upsert(
      SqlClient sql, UUID user, String provider, Sealed sealed, String fingerprint) {
    return sql.preparedQuery(UPSERT)
        .execute(
            Tuple.of(
                user,
                provider,
                Buffer.buffer(sealed.bytes()),
                Buffer.buffer(sealed.nonce()),
                sealed.version(),
                fingerprint))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Stored(key(row), row.getInteger("edition") == 1);
            });
  }

  private static final String REVOKE =
      """
      update user_api_key
      set encrypted_key = null, key_nonce = null, master_key_version = null,
        status = 'revoked', revoked_at = coalesce(revoked_at, now())
      where user_id = $1 and id = $2
      """;

  /** Whether the reader has such a key. */
  static Future<Boolean> revoke(SqlClient sql, UUID user, UUID id) {
    return sql.preparedQuery(REVOKE).execute(Tuple.of(user, id)).map(rows -> rows.rowCount() == 1);
  }

  private static final String FIND =
      """
      select id, provider, key_fingerprint, status, created_at, last_tested_at, user_id, edition,
        encrypted_key, key_nonce, master_key_version
      from user_api_key
      where user_id = $1 and id = $2
      """;

  static Future<Optional<Held>> find(SqlClient sql, UUID user, UUID id) {
    return sql.preparedQuery(FIND).execute(Tuple.of(user, id)).map(KeyStore::firstHeld);
  }

  private static final String FIND_USABLE =
      """
      select id, provider, key_fingerprint, status, created_at, last_tested_at, user_id, edition,
        encrypted_key, key_nonce, master_key_version
      from user_api_key
      where user_id = $1 and provider = $2 and status in ('untested', 'valid')
      """;

  static Future<Optional<Held>> findUsable(SqlClient sql, UUID user, String provider) {
    return sql.preparedQuery(FIND_USABLE)
        .execute(Tuple.of(user, provider))
        .map(KeyStore::firstHeld);
  }

  private static final String LIST_USABLE =
      """
      select provider from user_api_key
      where user_id = $1 and status in ('untested', 'valid')
      """;

  /** The providers the reader has a usable key for. */
  static Future<Set<String>> listUsable(SqlClient sql, UUID user) {
    return sql.preparedQuery(LIST_USABLE)
        .execute(Tuple.of(user))
        .map(rows -> all(rows).map(row -> row.getString(0)).collect(Collectors.toSet()));
  }

  /** A provider that goes on taking a key need not be written down for every answer. */
  private static final String MARK =
      """
      update user_api_key
      set status = $3, last_tested_at = now()
      where id = $1 and edition = $2 and status <> 'revoked'
        and (status <> $3 or last_tested_at is null or last_tested_at < now() - interval '1 minute')
      """;

  /** Writes down how the provider took this edition of a key; a revoked one stays revoked. */
  static Future<Void> mark(SqlClient sql, Ticket ticket, TestResult result) {
    return sql.preparedQuery(MARK)
        .execute(Tuple.of(ticket.id(), ticket.edition(), status(result)))
        .mapEmpty();
  }

  static String status(TestResult result) {
    return switch (result) {
      case WORKS -> "valid";
      case REJECTED -> "invalid";
      case UNPROVEN -> throw new IllegalArgumentException("that says nothing of the key");
    };
  }

  /**
   * A key with what opens it.
   *
   * @param sealed empty once it is revoked
   */
  record Held(Key key, Owner owner, Ticket ticket, Optional<Sealed> sealed) {}

  private static Optional<Held> firstHeld(RowSet<Row> rows) {
    return all(rows).findFirst().map(KeyStore::held);
  }

  private static Held held(Row row) {
    Key key = key(row);
    return new Held(
        key,
        Owner.of(row.getUUID("user_id"), key.provider()),
        new Ticket(key.id(), row.getInteger("edition"), false),
        sealed(row));
  }

  static Optional<Sealed> sealed(Row row) {
    Buffer bytes = row.getBuffer("encrypted_key");
    return bytes == null
        ? Optional.empty()
        : Optional.of(
            new Sealed(
                bytes.getBytes(),
                row.getBuffer("key_nonce").getBytes(),
                row.getInteger("master_key_version")));
  }

  private static Key key(Row row) {
    return new Key(
        row.getUUID("id"),
        row.getString("provider"),
        row.getString("key_fingerprint"),
        row.getString("status"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("last_tested_at"));
  }

  private static final String CLAIM_OLDER =
      """
      select id, user_id, provider, encrypted_key, key_nonce, master_key_version
      from user_api_key
      where master_key_version <> $1 and id > $2
      order by id
      limit 100
      for update skip locked
      """;

  /** Keys that another master key seals, after this id, kept from others until the end. */
  static Future<List<Older>> claimOlder(SqlClient transaction, int version, UUID after) {
    return transaction
        .preparedQuery(CLAIM_OLDER)
        .execute(Tuple.of(version, after))
        .map(
            rows ->
                all(rows)
                    .map(
                        row ->
                            new Older(
                                row.getUUID("id"),
                                Owner.of(row.getUUID("user_id"), row.getString("provider")),
                                sealed(row).orElseThrow()))
                    .toList());
  }

  private static Stream<Row> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
