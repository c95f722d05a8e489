package lectern.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import lectern.keys.KeyStore.Held;

/**
 * Readers who were just found to have no usable key for a provider, which is most of them: their
 * sends need not look again each time. A key that is there is never remembered but read for every
 * call, so none is used after it was removed, on whichever node.
 *
 * <p>Confined to the event loop of the verticle that owns it.
 */
final class Keyless {
  /** So long may a key that was added on another node not be seen on this one. */
  private static final Duration BELIEVED = Duration.ofSeconds(5);

  /** Some hundred bytes each. */
  private static final int REMEMBERED = 10_000;

  private final Cache<Place, Boolean> recent =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(BELIEVED).build();

  private long changes;

  /** What is found, or nothing without looking. */
  Future<Optional<Held>> unless(
      UUID reader, String provider, Supplier<Future<Optional<Held>>> find) {
    Place place = new Place(reader, provider);
    if (recent.getIfPresent(place) != null) {
      return Future.succeededFuture(Optional.empty());
    }
    long before = changes;
    return find.get()
        .onSuccess(
            found -> {
              // What was changed meanwhile may have been read as it was before.
              if (found.isEmpty() && changes == before) {
                recent.put(place, true);
              }
            });
  }

  /** The reader may have a usable key from here on. */
  void changed(UUID reader, String provider) {
    changes++;
    recent.invalidate(new Place(reader, provider));
  }

  private record Place(UUID reader, String provider) {}
}
