package lectern.keys;

import java.util.List;

/**
 * How keys are kept.
 *
 * @param ring the keys that open what is sealed; the first one seals
 * @param allowPrivate whether readers' own servers may stand in private networks
 */
public record KeysSettings(List<SealingKey> ring, boolean allowPrivate) {
  public KeysSettings {
    ring = List.copyOf(ring);
    if (ring.isEmpty()) {
      throw new IllegalArgumentException("nothing can be sealed without a key");
    }
  }
}
