package lectern.llm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The parameters that models were found to refuse: what is left out of later calls from the start,
 * so that not each of them fails first. A server that learns a parameter is sent it again within
 * the hour.
 *
 * <p>Confined to one event loop.
 */
final class Refusals {
  static final Duration REMEMBERED = Duration.ofHours(1);

  /** Models, each of one address; a few hundred bytes each. */
  static final int MOST = 1_024;

  private final Cache<Place, Set<String>> paths =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();

  private record Place(URI baseUrl, Dialect dialect, String model) {
    static Place of(Call call) {
      return new Place(call.connection().baseUrl(), call.dialect(), call.model().modelName());
    }
  }

  /** What this model does not want to see. */
  Set<String> of(Call call) {
    Set<String> known = paths.getIfPresent(Place.of(call));
    return known == null ? Set.of() : known;
  }

  /** It answered as soon as this was left out. */
  void learn(Call call, String path) {
    Set<String> all = new HashSet<>(of(call));
    all.add(path);
    paths.put(Place.of(call), Set.copyOf(all));
  }
}
