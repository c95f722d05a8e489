package lectern.models;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.keys.Key;
import lectern.keys.Key.OpenedKey;
import lectern.keys.UserConnection;
import lectern.llm.Generate;
import lectern.llm.Offer.Availability;
import lectern.llm.Target;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;
import lectern.models.Pick.Picked;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;

/**
 * With whose key a model is asked. {@code auto} takes the reader's own where there is a usable one,
 * else the server's. A model that stands in is asked with the same kind of key: nobody's own call
 * becomes one the server pays for, nor the other way round.
 */
final class Picking {
  private final Bus bus;
  private final SqlClient sql;
  private final Catalogued catalogued;

  Picking(Bus bus, SqlClient sql, Catalogued catalogued) {
    this.bus = bus;
    this.sql = sql;
    this.catalogued = catalogued;
  }

  Future<Picked> pick(Pick question) {
    return catalogued
        .entries()
        .compose(
            entries -> {
              Entry entry = entries.get(question.modelId());
              return entry == null || entry.known().hidden()
                  ? pickOwn(question)
                  : pick(question, entry, chain(entries, entry));
            });
  }

  // Models of this server

  private Future<Picked> pick(Pick question, Entry entry, List<Entry> chain) {
    if (!Models.needsKey(entry.spec().provider())) {
      return Future.succeededFuture(ready(entry, chain));
    }
    if (entry.availability() != Availability.READY
        && entry.availability() != Availability.NEEDS_KEY) {
      Model model = Models.model(entry, false);
      String why = String.valueOf(model.unavailableReason());
      return Future.succeededFuture(Picked.refused(model, Code.E_MODEL_NOT_AVAILABLE, why));
    }
    return opened(question, chain).map(keys -> picked(question, entry, chain, keys));
  }

  private static Picked ready(Entry entry, List<Entry> chain) {
    List<Way> ways =
        chain.stream()
            .filter(one -> !Models.needsKey(one.spec().provider()))
            .map(one -> new Way(new Target(one.spec(), null, null), "none", null))
            .toList();
    return new Picked(Models.model(entry, false), ways, null, null);
  }

  private static Picked picked(
      Pick question, Entry entry, List<Entry> chain, Map<String, OpenedKey> keys) {
    OpenedKey own = keys.get(entry.spec().provider());
    Model model = Models.model(entry, own != null);
    if (own != null) {
      return new Picked(model, ownWays(chain, keys), null, null);
    }
    if (question.keyMode() == KeyMode.BYOK_ONLY) {
      return Picked.refused(
          model, Code.E_LLM_NO_KEY, "You have no usable key of your own for this provider.");
    }
    if (entry.availability() != Availability.READY) {
      return Picked.refused(
          model,
          Code.E_LLM_NO_KEY,
          question.keyMode() == KeyMode.AUTO
              ? "Add a key for this provider to use this model."
              : "This server has no key of its own for this provider.");
    }
    return new Picked(model, serverWays(chain), null, null);
  }

  private static List<Way> ownWays(List<Entry> chain, Map<String, OpenedKey> keys) {
    List<Way> ways = new ArrayList<>();
    for (Entry one : chain) {
      OpenedKey key = keys.get(one.spec().provider());
      if (key != null && isOn(one)) {
        ways.add(new Way(new Target(one.spec(), key.secret(), null), "byok", key.ticket()));
      }
    }
    return ways;
  }

  private static List<Way> serverWays(List<Entry> chain) {
    return chain.stream()
        .filter(one -> Models.needsKey(one.spec().provider()))
        .filter(one -> one.availability() == Availability.READY)
        .map(one -> new Way(new Target(one.spec(), null, null), "platform", null))
        .toList();
  }

  private static boolean isOn(Entry entry) {
    return entry.availability() == Availability.READY
        || entry.availability() == Availability.NEEDS_KEY;
  }

  /** The model and those named to stand in for it, and for them, each once. */
  private static List<Entry> chain(Map<UUID, Entry> entries, Entry first) {
    Set<Entry> chain = new LinkedHashSet<>();
    @Nullable Entry next = first;
    while (next != null
        && !next.known().hidden()
        && chain.size() < Generate.MOST_TARGETS
        && chain.add(next)) {
      UUID fallback = next.known().fallbackModelId();
      next = fallback == null ? null : entries.get(fallback);
    }
    return List.copyOf(chain);
  }

  /** The reader's usable keys for the providers of these models, as far as they may be used. */
  private Future<Map<String, OpenedKey>> opened(Pick question, List<Entry> chain) {
    if (question.keyMode() == KeyMode.PLATFORM_ONLY) {
      return Future.succeededFuture(Map.of());
    }
    Map<String, Future<Key.Opened>> asked = new LinkedHashMap<>();
    for (Entry entry : chain) {
      String provider = entry.spec().provider();
      if (Models.needsKey(provider)) {
        asked.computeIfAbsent(
            provider, name -> bus.ask(Key.Open.ADDRESS, new Key.Open(question.viewer(), name)));
      }
    }
    return Future.all(List.copyOf(asked.values()))
        .map(
            _ -> {
              Map<String, OpenedKey> keys = new LinkedHashMap<>();
              asked.forEach(
                  (provider, answer) ->
                      Optional.ofNullable(answer.result().key())
                          .ifPresent(key -> keys.put(provider, key)));
              return keys;
            });
  }

  // Models of a reader's own servers

  private Future<Picked> pickOwn(Pick question) {
    return ModelStore.findOwn(sql, question.viewer(), question.modelId())
        .compose(own -> own.map(one -> pick(question, one)).orElseGet(Picking::unknown));
  }

  private static Future<Picked> unknown() {
    return Future.failedFuture(
        new Refusal(
            Code.E_MODEL_NOT_AVAILABLE, "This server does not have that model (any more)."));
  }

  private Future<Picked> pick(Pick question, Own own) {
    Model model = Models.model(own);
    if (question.keyMode() == KeyMode.PLATFORM_ONLY) {
      return Future.succeededFuture(
          Picked.refused(
              model,
              Code.E_LLM_NO_KEY,
              "This model is on a server of your own; there is no other key for it."));
    }
    return bus.ask(
            UserConnection.Open.ADDRESS,
            new UserConnection.Open(question.viewer(), own.connection().id()))
        .map(opened -> new Picked(model, List.of(way(own, opened)), null, null))
        .recover(
            failure ->
                failure instanceof Refusal no && no.code() != Code.E_UNAVAILABLE
                    ? Future.succeededFuture(
                        Picked.refused(model, unopened(no.code()), no.sentence()))
                    : Future.failedFuture(failure));
  }

  private static Code unopened(Code code) {
    return code == Code.E_LLM_NO_KEY ? code : Code.E_MODEL_NOT_AVAILABLE;
  }

  private static Way way(Own own, UserConnection.Opened opened) {
    boolean keyed = opened.connection().key() != null;
    Target target = new Target(own.spec(), opened.connection().key(), opened.connection());
    return new Way(target, keyed ? "byok" : "none", opened.ticket());
  }
}
