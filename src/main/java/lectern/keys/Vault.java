package lectern.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.goterl.lazysodium.SodiumJava;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lectern.llm.Secret;

/**
 * Seals and opens keys. The newest master key seals; every one of the ring opens what it sealed.
 * The number of a master key is its version, given by the database when it first saw it.
 */
final class Vault {
  private final Aead aead;
  private final Map<Integer, byte[]> ring;
  private final int newest;
  private final byte[] sealing;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param ring sealing keys by version
   * @param newest the version that seals
   */
  Vault(SodiumJava sodium, Map<Integer, byte[]> ring, int newest) {
    this.aead = new Aead(sodium);
    this.ring = Map.copyOf(ring);
    this.newest = newest;
    this.sealing = Objects.requireNonNull(ring.get(newest), "the newest key is one of the ring");
  }

  int newest() {
    return newest;
  }

  Sealed seal(Secret secret, Owner owner) {
    byte[] plain = secret.reveal().getBytes(US_ASCII);
    Sealed sealed = seal(plain, owner);
    Arrays.fill(plain, (byte) 0);
    return sealed;
  }

  /** Empty when no key of the ring sealed it, or not for this owner, or not exactly this. */
  Optional<Secret> open(Sealed sealed, Owner owner) {
    return opened(sealed, owner)
        .map(
            plain -> {
              Secret secret = new Secret(new String(plain, US_ASCII));
              Arrays.fill(plain, (byte) 0);
              return secret;
            });
  }

  /** The same key under the newest master key; empty as {@link #open}. */
  Optional<Sealed> sealAnew(Sealed sealed, Owner owner) {
    return opened(sealed, owner)
        .map(
            plain -> {
              Sealed anew = seal(plain, owner);
              Arrays.fill(plain, (byte) 0);
              return anew;
            });
  }

  private Sealed seal(byte[] plain, Owner owner) {
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    random.nextBytes(nonce);
    return new Sealed(aead.seal(sealing, nonce, owner.bytes(), plain), nonce, newest);
  }

  private Optional<byte[]> opened(Sealed sealed, Owner owner) {
    byte[] key = ring.get(sealed.version());
    return key == null
        ? Optional.empty()
        : aead.open(key, sealed.nonce(), owner.bytes(), sealed.bytes());
  }
}
