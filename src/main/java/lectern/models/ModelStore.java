package lectern.models;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import lectern.db.Constraints;
import lectern.llm.ModelSpec;
import lectern.llm.Prices;
import lectern.llm.Prices.Price;
import lectern.llm.Prices.Tier;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code models}: one id for each provider and name, kept for ever. What the catalogue
 * says and what an administrator set stand beside each other, so that neither undoes the other.
 * Rows of readers' own servers are written by the part that owns those.
 */
final class ModelStore {
  private static final Constraints CONSTRAINTS =
      Constraints.of(
          Map.of(
              "models_name_unique",
              new Refusal(Code.E_MODEL_EXISTS, "This server has a model of that name already."),
              "models_falls_back_on_another",
              wrongFallback("A model does not stand in for itself."),
              "models_fallback_model_id_fkey",
              wrongFallback("There is no such model to fall back on.")));

  private ModelStore() {}

  private static Refusal wrongFallback(String sentence) {
    return new Refusal(Code.E_INVALID_REQUEST, sentence).with("field", "fallback_model_id");
  }

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
        added = false,
        updated_at = now()
      where (m.display_name, m.max_context_tokens, m.max_output_tokens, m.added)
        is distinct from (
          excluded.display_name, excluded.max_context_tokens, excluded.max_output_tokens, false)
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

  private static final String COLUMNS =
      """
      m.id, m.provider, m.model_name, m.display_name, m.max_context_tokens, m.max_output_tokens,
        m.set_display_name, m.set_max_context_tokens, m.set_max_output_tokens, m.set_prices,
        m.added, not m.is_available as hidden, m.fallback_model_id
      """;

  private static final String LIST =
      "select "
          + COLUMNS
          + """
          from models m
          where m.connection_id is null
          order by m.provider, m.model_name
          """;

  /** Every model but those of readers' own servers. */
  static Future<List<Known>> list(SqlClient sql) {
    return sql.query(LIST).execute().map(rows -> all(rows).map(ModelStore::known).toList());
  }

  private static final String OWN =
      """
      select m.id, m.model_name, m.display_name, m.max_context_tokens, m.max_output_tokens,
        c.id as connection_id, c.name as connection_name,
        coalesce(c.models_asked_at, c.created_at) < now() - interval '1 day' as stale
      from models m
      join user_connection c on c.id = m.connection_id
      where c.user_id = $1 and m.is_available
      """;

  private static final String LIST_OWN = OWN + "order by c.created_at, c.id, m.model_name";

  /** The models of a reader's own servers. */
  static Future<List<Own>> listOwn(SqlClient sql, UUID viewer) {
    return sql.preparedQuery(LIST_OWN)
        .execute(Tuple.of(viewer))
        .map(rows -> all(rows).map(ModelStore::own).toList());
  }

  private static final String FIND_OWN = OWN + "and m.id = $2";

  static Future<Optional<Own>> findOwn(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND_OWN)
        .execute(Tuple.of(viewer, id))
        .map(rows -> all(rows).findFirst().map(ModelStore::own));
  }

  private static final String INSERT =
      """
      insert into models (
        provider, model_name, display_name, max_context_tokens, max_output_tokens, set_prices, added)
      values ($1, $2, $3, $4, $5, $6, true)
      returning id
      """;

  static Future<UUID> insert(SqlClient sql, AdminModel.Add add) {
    Tuple row =
        Tuple.of(
            add.provider(),
            add.modelName(),
            add.displayName() == null ? add.modelName() : add.displayName(),
            add.maxContextTokens(),
            add.maxOutputTokens(),
            add.prices().isEmpty() ? null : json(add.prices()));
    return CONSTRAINTS.guard(
        sql.preparedQuery(INSERT).execute(row).map(rows -> rows.iterator().next().getUUID(0)));
  }

  private static final String UPDATE =
      """
      update models
      set is_available = case when $2 then not $3 else is_available end,
        set_display_name = case when $4 then $5 else set_display_name end,
        set_max_context_tokens = case when $6 then $7 else set_max_context_tokens end,
        set_max_output_tokens = case when $8 then $9 else set_max_output_tokens end,
        set_prices = case when $10 then $11 else set_prices end,
        fallback_model_id = case when $12 then $13 else fallback_model_id end,
        updated_at = now()
      where id = $1 and connection_id is null
        and ($13::uuid is null
          or exists (select from models f where f.id = $13 and f.connection_id is null))
      """;

  /** Whether there was such a model, and such a one to fall back on. */
  static Future<Boolean> update(SqlClient sql, AdminModel.Change change) {
    Set<String> given = change.given();
    List<Tier> prices = change.prices();
    Tuple row =
        Tuple.tuple()
            .addUUID(change.id())
            .addBoolean(given.contains("hidden"))
            .addBoolean(Boolean.TRUE.equals(change.hidden()))
            .addBoolean(given.contains("display_name"))
            .addString(change.displayName())
            .addBoolean(given.contains("max_context_tokens"))
            .addInteger(change.maxContextTokens())
            .addBoolean(given.contains("max_output_tokens"))
            .addInteger(change.maxOutputTokens())
            .addBoolean(given.contains("prices"))
            .addValue(prices == null ? null : json(prices))
            .addBoolean(given.contains("fallback_model_id"))
            .addUUID(change.fallbackModelId());
    return CONSTRAINTS.guard(
        sql.preparedQuery(UPDATE).execute(row).map(rows -> rows.rowCount() == 1));
  }

  private static JsonArray json(List<Tier> tiers) {
    return new JsonArray(Json.text(tiers));
  }

  /**
   * A row, with what an administrator set apart from the rest.
   *
   * @param prices null where they are the catalogue's
   */
  record Known(
      UUID id,
      String provider,
      String modelName,
      String displayName,
      int maxContextTokens,
      int maxOutputTokens,
      @Nullable String setDisplayName,
      @Nullable Integer setMaxContextTokens,
      @Nullable Integer setMaxOutputTokens,
      @Nullable Prices setPrices,
      boolean added,
      boolean hidden,
      @Nullable UUID fallbackModelId) {

    /** The model as it is offered: what was set wins over what the catalogue says. */
    ModelSpec over(Optional<ModelSpec> catalogue) {
      ModelSpec spec =
          catalogue.orElseGet(
              () ->
                  new ModelSpec(
                      provider,
                      modelName,
                      displayName,
                      maxContextTokens,
                      Math.min(maxContextTokens, maxOutputTokens),
                      Set.of(),
                      List.of()));
      int context = or(setMaxContextTokens, spec.maxContextTokens());
      return new ModelSpec(
          provider,
          modelName,
          setDisplayName == null ? spec.displayName() : setDisplayName,
          context,
          Math.min(context, or(setMaxOutputTokens, spec.maxOutputTokens())),
          spec.capabilities(),
          spec.rules(),
          spec.shutdown(),
          setPrices == null ? spec.prices() : setPrices);
    }

    private static int or(@Nullable Integer set, int other) {
      return set == null ? other : set;
    }
  }

  /**
   * A model of a reader's own server.
   *
   * @param stale whether that was not asked for its models for a day
   */
  record Own(ModelSpec spec, UUID id, Model.Place connection, boolean stale) {}

  private static Known known(Row row) {
    return new Known(
        row.getUUID("id"),
        row.getString("provider"),
        row.getString("model_name"),
        row.getString("display_name"),
        row.getInteger("max_context_tokens"),
        row.getInteger("max_output_tokens"),
        row.getString("set_display_name"),
        row.getInteger("set_max_context_tokens"),
        row.getInteger("set_max_output_tokens"),
        prices(row.getJsonArray("set_prices")),
        row.getBoolean("added"),
        row.getBoolean("hidden"),
        row.getUUID("fallback_model_id"));
  }

  private static @Nullable Prices prices(@Nullable JsonArray tiers) {
    if (tiers == null) {
      return null;
    }
    List<Tier> list = List.of(Json.read(tiers.toBuffer().getBytes(), Tier[].class));
    return list.isEmpty() ? Prices.UNKNOWN : new Prices(List.of(new Price(null, null, list)));
  }

  private static Own own(Row row) {
    int context = row.getInteger("max_context_tokens");
    ModelSpec spec =
        new ModelSpec(
            "connection",
            row.getString("model_name"),
            row.getString("display_name"),
            context,
            row.getInteger("max_output_tokens"),
            Set.of(),
            List.of());
    return new Own(
        spec,
        row.getUUID("id"),
        new Model.Place(row.getUUID("connection_id"), row.getString("connection_name")),
        row.getBoolean("stale"));
  }

  private static Stream<Row> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
