package lectern.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;

/**
 * The models readers named to stand in. What was read is believed for a few seconds, so that a send
 * does not ask for it anew; confined to the event loop of the verticle that owns it.
 */
final class Named {
  /** So long may what was named on another node not be seen on this one. */
  private static final Duration BELIEVED = Duration.ofSeconds(5);

  /** Some hundred bytes each. */
  private static final int REMEMBERED = 10_000;

  private final SqlClient sql;
  private final Catalogued catalogued;
  private final Cache<UUID, List<UUID>> recent =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(BELIEVED).build();

  private long changes;

  Named(SqlClient sql, Catalogued catalogued) {
    this.sql = sql;
    this.catalogued = catalogued;
  }

  /** What a reader named, whether it is there or not. */
  Future<List<UUID>> of(UUID reader) {
    List<UUID> believed = recent.getIfPresent(reader);
    if (believed != null) {
      return Future.succeededFuture(believed);
    }
    long before = changes;
    return StandInStore.find(sql, reader)
        .onSuccess(
            found -> {
              // What was named meanwhile may have been read as it was before.
              if (changes == before) {
                recent.put(reader, found);
              }
            });
  }

  Future<StandIns> list(StandIns.Ask question) {
    return StandInStore.find(sql, question.viewer())
        .compose(
            named ->
                known(question.viewer(), named)
                    .map(known -> new StandIns(named.stream().filter(known::contains).toList())));
  }

  Future<StandIns> name(StandIns.Name question) {
    List<UUID> models = question.modelIds();
    if (models.size() > StandIns.MOST || new HashSet<>(models).size() < models.size()) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Name at most three models, each once.")
          .with("field", "model_ids");
    }
    return known(question.viewer(), models)
        .compose(
            known -> {
              if (!known.containsAll(models)) {
                throw new Refusal(
                        Code.E_MODEL_NOT_AVAILABLE,
                        "This server does not have one of these models (any more).")
                    .with("field", "model_ids");
              }
              return StandInStore.put(sql, question.viewer(), models);
            })
        .onComplete(
            _ -> {
              changes++;
              recent.invalidate(question.viewer());
            })
        .map(_ -> new StandIns(models));
  }

  /** Those of them the reader may know of: this server's and the reader's own. */
  private Future<Set<UUID>> known(UUID reader, List<UUID> models) {
    Future<Map<UUID, Entry>> entries = catalogued.entries();
    Future<List<Own>> own = ModelStore.listOwn(sql, reader);
    return Future.all(entries, own)
        .map(
            _ -> {
              Set<UUID> known = new HashSet<>();
              entries.result().values().stream()
                  .map(Entry::known)
                  .filter(one -> !one.hidden())
                  .forEach(one -> known.add(one.id()));
              own.result().forEach(one -> known.add(one.id()));
              known.retainAll(models);
              return known;
            });
  }
}
