package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.llm.ModelSpec;

/** The `models` table: one id for each provider and name, kept for ever. */
final class ModelStore {
  private ModelStore() {}

  private static final String UPSERT =
      """
      insert into models as m (provider, model_name, display_name, max_context_tokens, max_output_tokens)
      select s.provider, s.model_name, s.display_name, s.max_context_tokens, s.max_output_tokens
      from jsonb_to_recordset($1) as s (
        provider text, model_name text, display_name text, max_context_tokens int, max_output_tokens int)
      on conflict (provider, model_name) where connection_id is null do update
      set display_name = excluded.display_name,
        max_context_tokens = excluded.max_context_tokens,
        max_output_tokens = excluded.max_output_tokens,
        updated_at = now()
      where (m.display_name, m.max_context_tokens, m.max_output_tokens)
        is distinct from (excluded.display_name, excluded.max_context_tokens, excluded.max_output_tokens)
      """;

  /** Makes the table know these models; others stay, for the messages that name them. */
  static Future<Void> upsert(SqlClient sql, List<ModelSpec> specs) {
    JsonArray rows = new JsonArray();
    for (ModelSpec spec : specs) {
      rows.add(
          new JsonObject()
              .put("provider", spec.provider())
              .put("model_name", spec.modelName())
              .put("display_name", spec.displayName())
              .put("max_context_tokens", spec.maxContextTokens())
              .put("max_output_tokens", spec.maxOutputTokens()));
    }
    return sql.preparedQuery(UPSERT).execute(Tuple.of(rows)).mapEmpty();
  }

  private static final String LIST_IDS =
      "select id, provider, model_name from models where is_available and connection_id is null";

  /** Ids by provider and name, of models the administrator has not hidden. */
  static Future<Map<Name, UUID>> listIds(SqlClient sql) {
    return sql.preparedQuery(LIST_IDS)
        .execute()
        .map(
            rows -> {
              Map<Name, UUID> found = new HashMap<>();
              for (Row row : rows) {
                found.put(new Name(row.getString(1), row.getString(2)), row.getUUID(0));
              }
              return Map.copyOf(found);
            });
  }

  /** What identifies a model besides its id. */
  record Name(String provider, String modelName) {
    static Name of(ModelSpec spec) {
      return new Name(spec.provider(), spec.modelName());
    }
  }
}
