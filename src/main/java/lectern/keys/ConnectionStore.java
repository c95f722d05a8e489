package lectern.keys;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Constraints;
import lectern.keys.Key.Ticket;
import lectern.keys.Rotation.Older;
import lectern.llm.LlmFailure;
import lectern.llm.ModelSpec;
import org.jspecify.annotations.Nullable;

/** The table {@code user_connection}, and the rows of {@code models} that belong to one. */
final class ConnectionStore {
  /** Servers one reader can have. */
  static final int MOST = 20;

  private static final Constraints CONSTRAINTS =
      Constraints.of(
          Map.of(
              "user_connection_name_unique",
              new Refusal(Code.E_NAME_TAKEN, "You have a connection of that name already.")
                  .with("field", "name")));

  private ConnectionStore() {}

  private static final String SELECT =
      """
      select c.id, c.user_id, c.name, c.base_url, c.dialect, c.key_fingerprint, c.status, c.problem,
        c.edition, c.encrypted_key, c.key_nonce, c.master_key_version,
        c.created_at, c.updated_at, c.last_tested_at,
        coalesce(c.models_asked_at, c.created_at) < now() - interval '1 day' as stale,
        (select count(*)::int from models m where m.connection_id = c.id and m.is_available)
          as model_count
      from user_connection c
      where c.user_id = $1
      """;

  private static final String LIST = SELECT + "order by c.created_at, c.id";

  static Future<List<Held>> list(SqlClient sql, UUID user) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(user))
        .map(rows -> all(rows).map(ConnectionStore::held).toList());
  }

  private static final String CLAIM_STALE =
      """
      update user_connection
      set models_asked_at = now()
      where user_id = $1 and coalesce(models_asked_at, created_at) < now() - interval '1 day'
      returning id
      """;

  /**
   * Those of a reader that were not asked for their models for a day, from here on as if they had.
   */
  static Future<List<UUID>> claimStale(SqlClient sql, UUID user) {
    return sql.preparedQuery(CLAIM_STALE)
        .execute(Tuple.of(user))
        .map(rows -> all(rows).map(row -> row.getUUID("id")).toList());
  }

  private static final String FIND = SELECT + "and c.id = $2";

  static Future<Optional<Held>> find(SqlClient sql, UUID user, UUID id) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(user, id))
        .map(rows -> all(rows).findFirst().map(ConnectionStore::held));
  }

  private static final String LOCK = "select 1 from users where id = $1 for update";

  private static final String INSERT =
      """
      insert into user_connection (
        id, user_id, name, base_url, dialect, encrypted_key, key_nonce, master_key_version,
        key_fingerprint)
      select $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::bytea, $7::bytea, $8::int, $9::text
      where (select count(*) from user_connection where user_id = $2::uuid) < $10::int
      """;

  /** Whether there was room for it; the reader's row makes those who add at once wait. */
  static Future<Boolean> insert(
      SqlClient transaction, UUID user, UUID id, String name, Place place, Locked key) {
    Tuple row =
        Tuple.tuple()
            .addUUID(id)
            .addUUID(user)
            .addString(name)
            .addString(place.baseUrl().toString())
            .addString(place.dialect());
    return transaction
        .preparedQuery(LOCK)
        .execute(Tuple.of(user))
        .compose(
            _ ->
                CONSTRAINTS.guard(
                    transaction.preparedQuery(INSERT).execute(key.addTo(row).addInteger(MOST))))
        .map(rows -> rows.rowCount() == 1);
  }

  private static final String UPDATE =
      """
      update user_connection
      set name = $3, base_url = $4, dialect = $5, encrypted_key = $6, key_nonce = $7,
        master_key_version = $8, key_fingerprint = $9, edition = edition + 1, updated_at = now(),
        status = case when base_url = $4 and encrypted_key is not distinct from $6
          then status else 'untested' end,
        last_tested_at = case when base_url = $4 and encrypted_key is not distinct from $6
          then last_tested_at end
      where user_id = $1 and id = $2 and edition = $10
        and master_key_version is not distinct from $11
      """;

  /** Whether it was still as it was read. */
  static Future<Boolean> update(SqlClient sql, Held before, String name, Place place, Locked key) {
    Tuple row =
        Tuple.tuple()
            .addUUID(before.user())
            .addUUID(before.connection().id())
            .addString(name)
            .addString(place.baseUrl().toString())
            .addString(place.dialect());
    return CONSTRAINTS
        .guard(
            sql.preparedQuery(UPDATE)
                .execute(
                    key.addTo(row)
                        .addInteger(before.ticket().edition())
                        .addInteger(before.key().version())))
        .map(rows -> rows.rowCount() == 1);
  }

  private static final String DELETE = "delete from user_connection where user_id = $1 and id = $2";

  static Future<Boolean> delete(SqlClient sql, UUID user, UUID id) {
    return sql.preparedQuery(DELETE).execute(Tuple.of(user, id)).map(rows -> rows.rowCount() == 1);
  }

  private static final String MARK =
      """
      update user_connection
      set status = coalesce($3, status), problem = $4, last_tested_at = now()
      where id = $1 and edition = $2
      """;

  /** Writes down what came of asking it; no result leaves the status as it is. */
  static Future<Void> mark(
      SqlClient sql, Ticket ticket, TestResult result, @Nullable LlmFailure failure) {
    String status = result == TestResult.UNPROVEN ? null : KeyStore.status(result);
    String problem = failure == null ? null : failure.kind().name();
    return sql.preparedQuery(MARK)
        .execute(
            Tuple.tuple()
                .addUUID(ticket.id())
                .addInteger(ticket.edition())
                .addString(status)
                .addString(problem))
        .mapEmpty();
  }

  private static final String PUT_MODELS =
      """
      with asked as (
        update user_connection set models_asked_at = now()
        where id = $1 and edition = $3
        returning id
      ), listed as (
        select s.model_name, s.max_context_tokens, s.max_output_tokens
        from asked, jsonb_to_recordset($2) as s (
          model_name text, max_context_tokens int, max_output_tokens int)
      ), gone as (
        select m.id, exists (select from message x where x.model_id = m.id) as answered
        from asked
        join models m on m.connection_id = asked.id
        where not exists (select from listed l where l.model_name = m.model_name)
      ), forgotten as (
        delete from models m using gone where m.id = gone.id and not gone.answered
      ), hidden as (
        update models m set is_available = false, updated_at = now()
        from gone
        where m.id = gone.id and gone.answered and m.is_available
      )
      insert into models as m (
        provider, connection_id, model_name, display_name, max_context_tokens, max_output_tokens)
      select 'connection', $1, model_name, model_name, max_context_tokens, max_output_tokens
      from listed
      on conflict (connection_id, model_name) where connection_id is not null do update
      set max_context_tokens = excluded.max_context_tokens,
        max_output_tokens = excluded.max_output_tokens,
        is_available = true,
        updated_at = now()
      where not m.is_available
        or (m.max_context_tokens, m.max_output_tokens)
          is distinct from (excluded.max_context_tokens, excluded.max_output_tokens)
      """;

  /**
   * The models a connection has; those it no longer has are offered no more, and kept only where
   * they have answered.
   */
  static Future<Void> putModels(SqlClient sql, Ticket ticket, List<ModelSpec> models) {
    JsonArray rows = new JsonArray();
    models.stream()
        .map(ModelSpec::modelName)
        .distinct()
        .map(name -> models.stream().filter(one -> one.modelName().equals(name)).findFirst())
        .flatMap(Optional::stream)
        .forEach(
            model ->
                rows.add(
                    new JsonObject()
                        .put("model_name", model.modelName())
                        .put("max_context_tokens", model.maxContextTokens())
                        .put("max_output_tokens", model.maxOutputTokens())));
    return sql.preparedQuery(PUT_MODELS)
        .execute(Tuple.of(ticket.id(), rows, ticket.edition()))
        .mapEmpty();
  }

  private static final String CLAIM_OLDER =
      """
      select id, user_id, base_url, encrypted_key, key_nonce, master_key_version
      from user_connection
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
        .map(rows -> all(rows).map(ConnectionStore::older).toList());
  }

  private static Older older(Row row) {
    UUID id = row.getUUID("id");
    URI url = URI.create(row.getString("base_url"));
    return new Older(
        id, Owner.of(row.getUUID("user_id"), id, url), KeyStore.sealed(row).orElseThrow());
  }

  /** Where a connection leads, and how it is spoken to. */
  record Place(URI baseUrl, String dialect) {}

  /** A sealed key with its fingerprint, or neither. */
  record Locked(@Nullable Sealed sealed, @Nullable String fingerprint) {
    static final Locked NONE = new Locked(null, null);

    @Nullable Integer version() {
      return sealed == null ? null : sealed.version();
    }

    Tuple addTo(Tuple row) {
      return row.addBuffer(sealed == null ? null : Buffer.buffer(sealed.bytes()))
          .addBuffer(sealed == null ? null : Buffer.buffer(sealed.nonce()))
          .addInteger(version())
          .addString(fingerprint);
    }
  }

  /**
   * A connection with what opens its key.
   *
   * @param stale whether it was not asked for its models for a day
   */
  record Held(
      UUID user, UserConnection connection, Place place, Ticket ticket, Locked key, boolean stale) {
    Owner owner() {
      return Owner.of(user, connection.id(), place.baseUrl());
    }
  }

  private static Held held(Row row) {
    String problem = row.getString("problem");
    UserConnection connection =
        new UserConnection(
            row.getUUID("id"),
            row.getString("name"),
            row.getString("base_url"),
            row.getString("dialect"),
            row.getString("key_fingerprint"),
            row.getString("status"),
            problem == null ? null : LlmFailure.of(LlmFailure.Kind.valueOf(problem)).sentence(),
            row.getInteger("model_count"),
            row.getOffsetDateTime("created_at"),
            row.getOffsetDateTime("updated_at"),
            row.getOffsetDateTime("last_tested_at"));
    return new Held(
        row.getUUID("user_id"),
        connection,
        new Place(URI.create(connection.baseUrl()), connection.dialect()),
        new Ticket(connection.id(), row.getInteger("edition"), true),
        new Locked(KeyStore.sealed(row).orElse(null), connection.keyFingerprint()),
        row.getBoolean("stale"));
  }

  private static Stream<Row> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
