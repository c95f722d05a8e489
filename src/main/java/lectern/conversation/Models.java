package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.LlmAddresses;
import lectern.llm.ModelSpec;
import lectern.llm.Offer;
import lectern.llm.Prices.Price;
import org.jspecify.annotations.Nullable;

/**
 * The models a reader can ask: what the model callers offer, under the ids of the `models` table.
 * The joined list is kept for a few seconds, so that a send does not ask for it anew.
 */
final class Models {
  /** How old the list may be; a local server that was just started shows up after this long. */
  private static final long FRESH = Duration.ofSeconds(5).toNanos();

  /** Providers that are asked without a key. */
  private static final List<String> KEYLESS = List.of("extracts", "local");

  private final Bus bus;
  private @Nullable Future<List<Model>> list;
  private long listedAt;

  Models(Bus bus) {
    this.bus = bus;
  }

  /** Those that can be asked first; otherwise in the order of the catalogue. */
  Future<List<Model>> list(SqlClient sql) {
    Future<List<Model>> known = list;
    if (known != null && !known.failed() && System.nanoTime() - listedAt < FRESH) {
      return known;
    }
    listedAt = System.nanoTime();
    Future<List<Model>> fresh = read(sql);
    list = fresh;
    return fresh;
  }

  Future<Model> find(SqlClient sql, UUID id) {
    return list(sql)
        .map(
            models ->
                models.stream()
                    .filter(model -> model.id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new Refusal(
                                Code.E_MODEL_NOT_AVAILABLE,
                                "This server does not have that model (any more).")));
  }

  /** Whose key a send of this model uses; refuses where the reader wants one that is not there. */
  String keyModeUsed(Model model, KeyMode wanted) {
    if (KEYLESS.contains(model.provider())) {
      return "none";
    }
    if (wanted == KeyMode.BYOK_ONLY) {
      throw new Refusal(Code.E_LLM_NO_KEY, "You have no key of your own for this provider.");
    }
    return "platform";
  }

  private Future<List<Model>> read(SqlClient sql) {
    return bus.ask(LlmAddresses.MODELS, new Offer.Ask())
        .compose(
            all -> {
              List<ModelSpec> specs = all.offers().stream().map(Offer::model).toList();
              return ModelStore.upsert(sql, specs)
                  .compose(_ -> ModelStore.listIds(sql))
                  .map(ids -> joined(all.offers(), ids));
            });
  }

  private static List<Model> joined(List<Offer> offers, Map<ModelStore.Name, UUID> ids) {
    List<Model> models = new ArrayList<>();
    for (Offer offer : offers) {
      UUID id = ids.get(ModelStore.Name.of(offer.model()));
      if (id != null) {
        models.add(model(id, offer));
      }
    }
    models.sort(Comparator.comparing(model -> !model.available()));
    return List.copyOf(models);
  }

  private static Model model(UUID id, Offer offer) {
    ModelSpec spec = offer.model();
    String reason = offer.unavailableReason(false);
    return new Model(
        id,
        spec.provider(),
        spec.modelName(),
        spec.displayName(),
        null,
        spec.maxContextTokens(),
        spec.maxOutputTokens(),
        spec.capabilities(),
        spec.prices().on(LocalDate.now(ZoneOffset.UTC)).map(Price::tiers).orElse(List.of()),
        keyModes(spec, reason),
        null,
        reason == null,
        reason);
  }

  private static List<KeyMode> keyModes(ModelSpec spec, @Nullable String reason) {
    if (reason != null) {
      return List.of();
    }
    return KEYLESS.contains(spec.provider())
        ? List.of(KeyMode.values())
        : List.of(KeyMode.AUTO, KeyMode.PLATFORM_ONLY);
  }
}
