package lectern.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.goterl.lazysodium.SodiumJava;
import java.net.URI;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import lectern.llm.Secret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final SodiumJava SODIUM = new SodiumJava();
  private static final HexFormat HEX = HexFormat.of();
  private static final UUID READER = UUID.fromString("11111111-1111-4111-8111-111111111111");
  private static final UUID OTHER = UUID.fromString("22222222-2222-4222-8222-222222222222");
  private static final Secret SECRET = new Secret("sk-canary-0123456789-abcd");
  private static final Owner OWNER = Owner.of(READER, "openai");

  private final Vault vault = vault(2);

  /** The vector of draft-irtf-cfrg-xchacha, appendix A.3.1. */
  @Test
  void the_cipher_is_xchacha20_poly1305_as_published() {
    byte[] plain =
        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the"
                + " future, sunscreen would be it.")
            .getBytes(US_ASCII);
    byte[] bound = HEX.parseHex("50515253c0c1c2c3c4c5c6c7");
    byte[] key = HEX.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    byte[] nonce = HEX.parseHex("404142434445464748494a4b4c4d4e4f5051525354555657");
    Aead aead = new Aead(SODIUM);
    byte[] sealed = aead.seal(key, nonce, bound, plain);
    assertThat(HEX.formatHex(sealed))
        .isEqualTo(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
                + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
                + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                + "21f9664c97637da9768812f615c68b13b52e"
                + "c0875924c1c7987947deafd8780acf49");
    assertThat(aead.open(key, nonce, bound, sealed)).hasValue(plain);
  }

  @Property(tries = 200)
  void what_was_sealed_opens_again(
      @ForAll @CharRange(from = '!', to = '~') @StringLength(min = 1, max = 500) String key) {
    Secret secret = new Secret(key);
    assertThat(vault.open(vault.seal(secret, OWNER), OWNER)).hasValue(secret);
  }

  @Test
  void a_key_opens_for_its_own_reader_provider_connection_and_address_alone() {
    Sealed sealed = vault.seal(SECRET, OWNER);
    assertThat(vault.open(sealed, Owner.of(OTHER, "openai"))).isEmpty();
    assertThat(vault.open(sealed, Owner.of(READER, "anthropic"))).isEmpty();

    UUID connection = UUID.randomUUID();
    URI url = URI.create("https://models.example.org/v1");
    Sealed there = vault.seal(SECRET, Owner.of(READER, connection, url));
    assertThat(vault.open(there, Owner.of(READER, connection, url))).hasValue(SECRET);
    assertThat(vault.open(there, Owner.of(OTHER, connection, url))).isEmpty();
    assertThat(vault.open(there, Owner.of(READER, UUID.randomUUID(), url))).isEmpty();
    assertThat(vault.open(there, Owner.of(READER, connection, URI.create(url + "/x")))).isEmpty();
    assertThat(vault.open(there, OWNER)).isEmpty();
  }

  @Test
  void no_bit_of_a_sealed_key_can_be_turned() {
    Sealed sealed = vault.seal(SECRET, OWNER);
    for (int bit = 0; bit < sealed.bytes().length * 8; bit++) {
      assertThat(vault.open(new Sealed(turned(sealed.bytes(), bit), sealed.nonce(), 2), OWNER))
          .isEmpty();
    }
    for (int bit = 0; bit < sealed.nonce().length * 8; bit++) {
      assertThat(vault.open(new Sealed(sealed.bytes(), turned(sealed.nonce(), bit), 2), OWNER))
          .isEmpty();
    }
    assertThat(vault.open(new Sealed(new byte[15], sealed.nonce(), 2), OWNER)).isEmpty();
  }

  @Test
  void old_keys_of_the_ring_open_and_the_newest_seals() {
    Sealed old = vault(1).seal(SECRET, OWNER);
    assertThat(old.version()).isEqualTo(1);
    assertThat(vault.open(old, OWNER)).hasValue(SECRET);
    Sealed anew = vault.sealAnew(old, OWNER).orElseThrow();
    assertThat(anew.version()).isEqualTo(2);
    assertThat(anew.nonce()).isNotEqualTo(old.nonce());
    assertThat(vault.open(anew, OWNER)).hasValue(SECRET);
    assertThat(vault(1).open(anew, OWNER)).as("sealed by a key that is not there").isEmpty();
  }

  @Test
  void a_version_is_not_believed_without_its_key() {
    Sealed sealed = vault.seal(SECRET, OWNER);
    assertThat(vault.open(new Sealed(sealed.bytes(), sealed.nonce(), 1), OWNER)).isEmpty();
  }

  @Test
  void nothing_of_it_shows_when_it_is_printed() {
    Sealed sealed = vault.seal(SECRET, OWNER);
    assertThat(sealed + " " + SECRET + " " + new SealingKey(new byte[32], new byte[16]))
        .isEqualTo("Sealed[version=2] **** SealingKey");
    assertThatThrownBy(
            () -> new Aead(SODIUM).seal(new byte[31], new byte[24], new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] turned(byte[] bytes, int bit) {
    byte[] other = bytes.clone();
    other[bit / 8] ^= (byte) (1 << bit % 8);
    return other;
  }

  /** A vault whose ring has the versions 1 to {@code newest}. */
  private static Vault vault(int newest) {
    Map<Integer, byte[]> ring = new java.util.HashMap<>();
    for (int version = 1; version <= newest; version++) {
      byte[] key = new byte[32];
      java.util.Arrays.fill(key, (byte) version);
      ring.put(version, key);
    }
    return new Vault(SODIUM, ring, newest);
  }
}
