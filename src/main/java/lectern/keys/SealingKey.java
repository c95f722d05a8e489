package lectern.keys;

import java.util.Arrays;

/**
 * What one master key gives this package: a key to seal with, and a mark by which the database
 * knows it again. Neither tells anything of the master key, nor the mark of the key.
 */
public record SealingKey(byte[] key, byte[] mark) {
  static final int MARK_BYTES = 16;

  public SealingKey {
    if (key.length != Aead.KEY_BYTES || mark.length < MARK_BYTES) {
      throw new IllegalArgumentException("a sealing key has 32 bytes, its mark 16");
    }
    key = key.clone();
    mark = Arrays.copyOf(mark, MARK_BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealingKey that && Arrays.equals(mark, that.mark);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mark);
  }

  @Override
  public String toString() {
    return "SealingKey";
  }
}
