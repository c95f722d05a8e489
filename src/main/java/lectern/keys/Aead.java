package lectern.keys;

import com.goterl.lazysodium.SodiumJava;
import java.util.Optional;

/**
 * libsodium's {@code crypto_aead_xchacha20poly1305_ietf}: a key of 32 bytes, a nonce of 24, a tag
 * of 16 at the end of the ciphertext. Nonces of this length may be random.
 */
final class Aead {
  static final int KEY_BYTES = 32;
  static final int NONCE_BYTES = 24;
  private static final int TAG_BYTES = 16;

  private final SodiumJava sodium;

  Aead(SodiumJava sodium) {
    this.sodium = sodium;
  }

  byte[] seal(byte[] key, byte[] nonce, byte[] bound, byte[] plain) {
    checkLengths(key, nonce);
    byte[] sealed = new byte[plain.length + TAG_BYTES];
    int code =
        sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
            sealed, null, plain, plain.length, bound, bound.length, null, nonce, key);
    if (code != 0) {
      throw new IllegalStateException("libsodium could not seal");
    }
    return sealed;
  }

  /** Empty when one bit of anything is not what it was. */
  Optional<byte[]> open(byte[] key, byte[] nonce, byte[] bound, byte[] sealed) {
    checkLengths(key, nonce);
    if (sealed.length < TAG_BYTES) {
      return Optional.empty();
    }
    byte[] plain = new byte[sealed.length - TAG_BYTES];
    int code =
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, null, null, sealed, sealed.length, bound, bound.length, nonce, key);
    return code == 0 ? Optional.of(plain) : Optional.empty();
  }

  private static void checkLengths(byte[] key, byte[] nonce) {
    if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes and a nonce 24");
    }
  }
}
