package lectern.models;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.llm.Generate;
import lectern.llm.Offer.Availability;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;
import lectern.models.Pick.Way;

/**
 * Who may answer one question in the place of the model that was chosen: those the reader named,
 * then those the administrator named, as far as this reader could ask them now.
 *
 * <p>Nobody's own call becomes one the server pays for, nor the other way round: a stand-in is
 * asked with the same kind of key as the chosen model. One that the reader named may also be asked
 * without any, which costs nobody, and stands in for a model without a key with the reader's own,
 * unless the key mode keeps that out.
 */
final class Substitutes {
  /** A reader's own server whose name is not looked up by then is left out. */
  private static final long OPENING_MS = 500;

  private final SqlClient sql;
  private final Map<UUID, Entry> entries;
  private final Opening opening;
  private final Pick question;
  private final Way first;

  Substitutes(SqlClient sql, Map<UUID, Entry> entries, Opening opening, Pick question, Way first) {
    this.sql = sql;
    this.entries = entries;
    this.opening = opening;
    this.question = question;
    this.first = first;
  }

  /**
   * The ways to them, in order.
   *
   * @param named by the reader
   */
  Future<List<Way>> of(List<UUID> named) {
    return own(named).compose(own -> ways(named, own));
  }

  private Future<Map<UUID, Own>> own(List<UUID> named) {
    boolean mayBeOwn =
        question.keyMode() != KeyMode.PLATFORM_ONLY
            && named.stream().anyMatch(id -> !entries.containsKey(id));
    return mayBeOwn
        ? ModelStore.listOwn(sql, question.viewer())
            .map(
                all -> {
                  Map<UUID, Own> byId = new LinkedHashMap<>();
                  all.forEach(one -> byId.put(one.id(), one));
                  return byId;
                })
        : Future.succeededFuture(Map.of());
  }

  private Future<List<Way>> ways(List<UUID> named, Map<UUID, Own> own) {
    Map<UUID, Future<Optional<Way>>> asked = new LinkedHashMap<>();
    for (UUID id : named) {
      Entry entry = entries.get(id);
      Own mine = own.get(id);
      if (!id.equals(question.modelId()) && entry != null) {
        asked.put(id, way(entry, true));
      } else if (!id.equals(question.modelId()) && mine != null) {
        asked.put(id, way(mine));
      }
    }
    for (Entry entry : chain()) {
      asked.computeIfAbsent(entry.known().id(), _ -> way(entry, false));
    }
    List<Future<Optional<Way>>> all = List.copyOf(asked.values());
    return Future.all(all)
        .map(
            _ ->
                all.stream()
                    .flatMap(way -> way.result().stream())
                    .limit(Generate.MOST_TARGETS - 1)
                    .toList());
  }

  private Future<Optional<Way>> way(Entry entry, boolean named) {
    String provider = entry.spec().provider();
    if (entry.known().hidden()) {
      return nobody();
    }
    if (!Models.needsKey(provider)) {
      return named || first.isKeyless()
          ? Future.succeededFuture(Optional.of(Way.keyless(entry.spec())))
          : nobody();
    }
    if (first.isOnPlatform()) {
      return entry.availability() == Availability.READY
          ? Future.succeededFuture(Optional.of(Way.platform(entry.spec())))
          : nobody();
    }
    return entry.isOn() && mayTakeOwnKey(named)
        ? opening
            .key(provider)
            .map(key -> key.map(one -> Way.own(entry.spec(), one)))
            .otherwise(Optional.empty())
        : nobody();
  }

  private boolean mayTakeOwnKey(boolean named) {
    return first.isOnOwnKey()
        || (named && first.isKeyless() && question.keyMode() != KeyMode.PLATFORM_ONLY);
  }

  /** A server of the reader's own that cannot be asked holds nothing up and is left out. */
  private Future<Optional<Way>> way(Own own) {
    return opening
        .server(own.connection().id())
        .timeout(OPENING_MS, TimeUnit.MILLISECONDS)
        .map(opened -> Way.own(own.spec(), opened))
        .map(way -> Optional.of(way).filter(this::isPaidAlike))
        .otherwise(Optional.empty());
  }

  private boolean isPaidAlike(Way way) {
    return way.isKeyless() || mayTakeOwnKey(true);
  }

  /** The models the administrator named for the chosen one, and for them, each once. */
  private List<Entry> chain() {
    List<Entry> chain = new ArrayList<>();
    Entry last = entries.get(question.modelId());
    while (last != null && !last.known().hidden() && chain.size() < Generate.MOST_TARGETS) {
      chain.add(last);
      UUID next = last.known().fallbackModelId();
      last = next == null ? null : entries.get(next);
      if (last != null && chain.contains(last)) {
        break;
      }
    }
    return chain.stream().skip(1).toList();
  }

  private static Future<Optional<Way>> nobody() {
    return Future.succeededFuture(Optional.empty());
  }
}
