package lectern.keys;

import java.util.List;

/**
 * How keys are kept.
 *
 * @param ring the keys that open what is sealed; the first one seals
 */
public record KeysSettings(List<SealingKey> ring) {
  public KeysSettings {
    ring = List.copyOf(ring);
    if (ring.isEmpty()) {
      throw new IllegalArgumentException("nothing can be sealed without a key");
    }
  }
}
