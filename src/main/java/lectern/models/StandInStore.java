package lectern.models;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** The table {@code stand_in}: a row for each reader who named any. */
final class StandInStore {
  private StandInStore() {}

  private static final String FIND =
      """
      select model_ids
      from stand_in
      where user_id = $1
      """;

  /** In their order; empty for a reader who named none. */
  static Future<List<UUID>> find(SqlClient sql, UUID reader) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(reader))
        .map(
            rows ->
                rows.size() == 0
                    ? List.of()
                    : List.of(rows.iterator().next().getArrayOfUUIDs("model_ids")));
  }

  private static final String UPSERT =
      """
      insert into stand_in (user_id, model_ids)
      values ($1, $2)
      on conflict (user_id) do update
      set model_ids = excluded.model_ids, updated_at = now()
      """;

  private static final String DELETE =
      """
      delete from stand_in
      where user_id = $1
      """;

  static Future<Void> put(SqlClient sql, UUID reader, List<UUID> models) {
    return models.isEmpty()
        ? sql.preparedQuery(DELETE).execute(Tuple.of(reader)).mapEmpty()
        : sql.preparedQuery(UPSERT)
            .execute(Tuple.tuple().addUUID(reader).addArrayOfUUID(models.toArray(UUID[]::new)))
            .mapEmpty();
  }
}
