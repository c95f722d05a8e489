package lectern.keys;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import lectern.llm.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A reader's own key for a provider, as far as anybody is told of it.
 *
 * @param keyFingerprint its last four characters
 * @param status untested, valid, invalid or revoked
 * @param lastTestedAt when the provider last said whether it takes the key
 */
public record Key(
    UUID id,
    String provider,
    String keyFingerprint,
    String status,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime lastTestedAt) {

  /** Who keys can be stored for. */
  public static final Set<String> PROVIDERS = Set.of("openai", "anthropic", "gemini");

  /** A reader's keys, newest first, revoked ones among them. */
  public record ListOwn(UUID viewer) {
    public static final Address<ListOwn, Listing> ADDRESS =
        Address.of("key.list", ListOwn.class, Listing.class);
  }

  public record Listing(List<Key> keys) {
    public Listing {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Stores a key, in the place of the one that was there. Refuses with E_KEY_PROVIDER_INVALID or
   * E_KEY_INVALID_FORMAT.
   */
  public record Put(UUID viewer, String provider, String apiKey) {
    public static final Address<Put, Stored> ADDRESS =
        Address.of("key.put", Put.class, Stored.class);

    @Override
    public String toString() {
      return "Put[" + provider + "]";
    }
  }

  /** {@code created} is false when it took another key's place. */
  public record Stored(Key key, boolean created) {}

  /** Wipes a key; one that is wiped already stays so. */
  public record Revoke(UUID viewer, UUID id) {
    public static final Address<Revoke, Nothing> ADDRESS =
        Address.of("key.revoke", Revoke.class, Nothing.class);
  }

  /** Asks the provider whether it takes a key. */
  public record Test(UUID viewer, UUID id) {
    public static final Address<Test, Tested> ADDRESS =
        Address.of("key.test", Test.class, Tested.class).patience(Duration.ofSeconds(15));
  }

  /** The key as it is after the test, what came of it, and that in a sentence. */
  public record Tested(Key key, TestResult result, String message) {}

  /** Which providers a reader has a usable key for. */
  public record Usable(UUID viewer) {
    public static final Address<Usable, Providers> ADDRESS =
        Address.of("key.usable", Usable.class, Providers.class);
  }

  public record Providers(Set<String> names) {
    public Providers {
      names = Set.copyOf(names);
    }
  }

  /** Opens a reader's key for one call. */
  public record Open(UUID viewer, String provider) {
    public static final Address<Open, Opened> ADDRESS =
        Address.of("key.open", Open.class, Opened.class);
  }

  /** {@code key} is null where there is none, or none that opens. */
  public record Opened(@Nullable OpenedKey key) {}

  /**
   * An opened key.
   *
   * @param ticket names it when it is told how the provider took it
   */
  public record OpenedKey(Secret secret, Ticket ticket) {}

  /**
   * One key at one time: a later key in the same place has another edition, and is not judged by
   * what became of this one.
   *
   * @param connection whether it is the key of a reader's own server
   */
  public record Ticket(UUID id, int edition, boolean connection) {}

  /** How a provider took a key in a real call: {@code works} or {@code rejected}. */
  public record Used(Ticket ticket, TestResult result) {
    public static final Address<Used, Nothing> ADDRESS =
        Address.of("key.used", Used.class, Nothing.class);
  }

  /** Seals keys anew with the newest master key, for at most twenty seconds. */
  public record Rotate() {
    public static final Address<Rotate, Rotated> ADDRESS =
        Address.of("key.rotate", Rotate.class, Rotated.class).patience(Duration.ofSeconds(30));
  }

  /**
   * What a rotation did.
   *
   * @param version the master key that seals
   * @param sealed keys sealed anew
   * @param unopened keys that no master key of this server opens
   * @param remaining keys under older master keys that wait for their turn
   */
  public record Rotated(int version, int sealed, int unopened, int remaining) {
    Rotated and(Rotated more) {
      return new Rotated(more.version, sealed + more.sealed, more.unopened, more.remaining);
    }
  }
}
