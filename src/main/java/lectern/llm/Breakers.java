package lectern.llm;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import lectern.llm.ProviderHealth.ModelHealth;
import lectern.llm.ProviderHealth.Standing;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of every connection that was asked and of each of its models; those that were not
 * used for longest are forgotten. Keys are known by a hash only.
 */
final class Breakers {
  /** Breakers kept; readers' own keys have some of their own. */
  static final int MOST = 4_096;

  /** What only the administrator can mend: a key of this server, its bill. */
  static final Duration MENDING = Duration.ofHours(1);

  /** A reader who mends a key of their own comes back at once and wants to see. */
  static final Duration MENDING_OWN = Duration.ofMinutes(1);

  private final DoubleSupplier chance;
  private boolean turned;
  private final Map<Place, Breaker> kept =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Breaker> eldest) {
          return size() > MOST;
        }
      };

  Breakers(DoubleSupplier chance) {
    this.chance = chance;
  }

  /**
   * What is guarded: a connection, or one model of it.
   *
   * @param key a hash of the key, empty where there is none
   * @param own whether the key or the server is a reader's own
   * @param model null for the connection as a whole
   */
  record Place(String provider, URI baseUrl, String key, boolean own, @Nullable String model) {

    Place server() {
      return new Place(provider, baseUrl, key, own, null);
    }

    /** A short name that tells nothing of the key. */
    UUID id() {
      String words = String.join("\n", provider, baseUrl.toString(), key, own + "", model + "");
      return UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.UTF_8));
    }
  }

  Stop stop(int index, Target target, ModelSpec model, Connection connection) {
    boolean own = target.key() != null || target.connection() != null;
    Place server = place(connection, own);
    Place lane =
        new Place(server.provider(), server.baseUrl(), server.key(), own, model.modelName());
    return new Stop(index, model, connection, own, of(server), of(lane));
  }

  /** Makes it known before it is asked for the first time. */
  void know(Connection connection) {
    of(place(connection, false));
  }

  int size() {
    return kept.size();
  }

  /** How every connection does, those in trouble first. */
  List<ProviderHealth> health(long now) {
    Map<Place, List<ModelHealth>> models = new LinkedHashMap<>();
    kept.forEach(
        (place, breaker) -> {
          List<ModelHealth> there =
              models.computeIfAbsent(place.server(), server -> new ArrayList<>());
          String model = place.model();
          if (model != null) {
            there.add(new ModelHealth(model, Standing.of(place.id(), breaker.stand(now))));
          }
        });
    return models.entrySet().stream()
        .map(entry -> health(entry.getKey(), entry.getValue(), now))
        .sorted(Comparator.comparing(one -> !isInTrouble(one)))
        .limit(ProviderHealth.Ask.MOST)
        .toList();
  }

  /** A connection whose own breaker was forgotten before those of its models is as good as new. */
  private ProviderHealth health(Place server, List<ModelHealth> models, long now) {
    Breaker known = kept.get(server);
    Breaker breaker = known == null ? new Breaker(chance, MENDING) : known;
    return new ProviderHealth(
        server.provider(),
        server.own(),
        server.own() ? null : server.baseUrl(),
        Standing.of(server.id(), breaker.stand(now)),
        models);
  }

  private static boolean isInTrouble(ProviderHealth health) {
    return Stream.concat(
            Stream.of(health.standing()), health.models().stream().map(ModelHealth::standing))
        .anyMatch(standing -> !standing.state().equals(Breaker.State.CLOSED.word()));
  }

  /** Of each provider that has any, how many breakers are in a state. */
  Map<String, Integer> in(Breaker.State state) {
    Map<String, Integer> counts = new HashMap<>();
    kept.forEach(
        (place, breaker) ->
            counts.merge(place.provider(), breaker.state() == state ? 1 : 0, Integer::sum));
    return counts;
  }

  /** Whether any has changed its state since this was last asked. */
  boolean turned() {
    boolean any = turned;
    turned = false;
    return any;
  }

  /**
   * A reader's own connection answered a test: it is asked again, and so are those of its models
   * that were given up until somebody mends something.
   */
  void answered(Connection connection, long now) {
    Place server = place(connection, true);
    kept.forEach(
        (place, breaker) -> {
          if (place.equals(server)
              || (place.model() != null
                  && place.server().equals(server)
                  && breaker.reason() == LlmFailure.Kind.MODEL_NOT_FOUND)) {
            breaker.reset(now);
          }
        });
  }

  /** The breaker whose place has this id. */
  Optional<Breaker> find(UUID id) {
    return kept.entrySet().stream()
        .filter(entry -> entry.getKey().id().equals(id))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private Breaker of(Place place) {
    return kept.computeIfAbsent(
        place,
        asked -> new Breaker(chance, asked.own() ? MENDING_OWN : MENDING, () -> turned = true));
  }

  private static Place place(Connection connection, boolean own) {
    Secret key = connection.key();
    return new Place(
        connection.provider(),
        connection.baseUrl(),
        key == null ? "" : hash(key.reveal()),
        own,
        null);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
