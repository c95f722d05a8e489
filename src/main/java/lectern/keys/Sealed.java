package lectern.keys;

import java.util.Arrays;

/** A key as the database holds it: good for nothing without the master key of that version. */
record Sealed(byte[] bytes, byte[] nonce, int version) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Sealed that
        && version == that.version
        && Arrays.equals(bytes, that.bytes)
        && Arrays.equals(nonce, that.nonce);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(nonce);
  }

  @Override
  public String toString() {
    return "Sealed[version=" + version + "]";
  }
}
