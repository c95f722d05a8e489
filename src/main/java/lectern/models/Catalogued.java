package lectern.models;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Bus;
import lectern.llm.LlmAddresses;
import lectern.llm.ModelSpec;
import lectern.llm.Offer;
import lectern.llm.Offer.Availability;
import lectern.models.ModelStore.Known;
import org.jspecify.annotations.Nullable;

/**
 * The models of this server, the same for every reader: what the model callers offer, under the ids
 * of the table, with what administrators made of it. Kept for a few seconds, so that a send does
 * not ask for it anew.
 */
final class Catalogued {
  /**
   * How old the list may be; a local server that was just started, and what an administrator
   * changed on another node, show after this long.
   */
  private static final long FRESH = Duration.ofSeconds(5).toNanos();

  private final Bus bus;
  private final SqlClient sql;
  private @Nullable Future<Map<UUID, Entry>> list;
  private long listedAt;

  Catalogued(Bus bus, SqlClient sql) {
    this.bus = bus;
    this.sql = sql;
  }

  /**
   * A model and what stands between any reader and it.
   *
   * @param spec with what administrators set
   */
  record Entry(Known known, ModelSpec spec, Availability availability) {
    /** Whether somebody with a key of their own can ask it. */
    boolean isOn() {
      return availability == Availability.READY || availability == Availability.NEEDS_KEY;
    }

    Offer offer() {
      return new Offer(spec, availability);
    }
  }

  /** By id, in the order of the catalogue, then local servers', then those that were added. */
  Future<Map<UUID, Entry>> entries() {
    Future<Map<UUID, Entry>> kept = list;
    if (kept != null && !kept.failed() && System.nanoTime() - listedAt < FRESH) {
      return kept;
    }
    listedAt = System.nanoTime();
    Future<Map<UUID, Entry>> fresh = read();
    list = fresh;
    return fresh;
  }

  /** Forgets the list: something was changed. */
  void changed() {
    list = null;
  }

  private Future<Map<UUID, Entry>> read() {
    return bus.ask(LlmAddresses.MODELS, new Offer.Ask())
        .compose(
            all -> {
              List<ModelSpec> specs = all.offers().stream().map(Offer::model).toList();
              return ModelStore.upsert(sql, specs)
                  .compose(_ -> ModelStore.list(sql))
                  .map(known -> joined(all.offers(), known));
            });
  }

  private static Map<UUID, Entry> joined(List<Offer> offers, List<Known> known) {
    Map<Name, Known> byName = new LinkedHashMap<>();
    known.forEach(one -> byName.put(new Name(one.provider(), one.modelName()), one));
    Stream<Entry> offered =
        offers.stream()
            .flatMap(
                offer ->
                    Optional.ofNullable(byName.get(Name.of(offer.model())))
                        .map(one -> entry(one, Optional.of(offer.model()), offer.availability()))
                        .stream());
    Stream<Entry> added =
        known.stream()
            .filter(Known::added)
            .map(one -> entry(one, Optional.empty(), availability(offers, one.provider())));
    Map<UUID, Entry> entries = new LinkedHashMap<>();
    Stream.concat(offered, added).forEach(entry -> entries.put(entry.known().id(), entry));
    return entries;
  }

  private static Entry entry(Known known, Optional<ModelSpec> spec, Availability availability) {
    return new Entry(known, known.over(spec), availability);
  }

  /** An added model is asked as its provider's other models are, those it has not ended. */
  private static Availability availability(List<Offer> offers, String provider) {
    return offers.stream()
        .filter(offer -> offer.model().provider().equals(provider))
        .map(Offer::availability)
        .filter(availability -> availability != Availability.ENDED)
        .findFirst()
        .orElse(Availability.OFF);
  }

  private record Name(String provider, String modelName) {
    static Name of(ModelSpec spec) {
      return new Name(spec.provider(), spec.modelName());
    }
  }
}
