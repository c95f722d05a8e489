package lectern.keys;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import lectern.keys.Key.Ticket;
import lectern.llm.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A model server of a reader's own, which speaks OpenAI's language.
 *
 * @param keyFingerprint the last four characters of its key, or null where it needs none
 * @param status untested, valid or invalid
 * @param problem what was wrong the last time it was asked for its models, or null
 */
public record UserConnection(
    UUID id,
    String name,
    String baseUrl,
    String dialect,
    @Nullable String keyFingerprint,
    String status,
    @Nullable String problem,
    int modelCount,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt,
    @Nullable OffsetDateTime lastTestedAt) {

  /** A reader's connections, oldest first. */
  public record ListOwn(UUID viewer) {
    public static final Address<ListOwn, Listing> ADDRESS =
        Address.of("connection.list", ListOwn.class, Listing.class);
  }

  public record Listing(List<UserConnection> connections) {
    public Listing {
      connections = List.copyOf(connections);
    }
  }

  /** Adds a connection and asks it for its models. */
  public record Create(
      UUID viewer, String name, String baseUrl, @Nullable String apiKey, @Nullable String dialect) {
    public static final Address<Create, UserConnection> ADDRESS =
        Address.of("connection.create", Create.class, UserConnection.class)
            .patience(Duration.ofSeconds(15));

    @Override
    public String toString() {
      return "Create[" + name + "]";
    }
  }

  /**
   * Changes what is given; null leaves as it is.
   *
   * @param keyGiven whether {@code apiKey} is meant: then null takes the key away
   */
  public record Change(
      UUID viewer,
      UUID id,
      @Nullable String name,
      @Nullable String baseUrl,
      boolean keyGiven,
      @Nullable String apiKey,
      @Nullable String dialect) {
    public static final Address<Change, UserConnection> ADDRESS =
        Address.of("connection.change", Change.class, UserConnection.class)
            .patience(Duration.ofSeconds(15));

    @Override
    public String toString() {
      return "Change[" + id + "]";
    }
  }

  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("connection.delete", Delete.class, Nothing.class);
  }

  /** Asks a connection for its models. */
  public record Test(UUID viewer, UUID id) {
    public static final Address<Test, Tested> ADDRESS =
        Address.of("connection.test", Test.class, Tested.class).patience(Duration.ofSeconds(15));
  }

  public record Tested(UserConnection connection, TestResult result, String message) {}

  /**
   * Asks those of a reader's connections for their models that were not asked for a day, in the
   * background: the reply comes at once.
   */
  public record Refresh(UUID viewer) {
    public static final Address<Refresh, Nothing> ADDRESS =
        Address.of("connection.refresh", Refresh.class, Nothing.class);
  }

  /** Opens a connection for one call: its address is looked up and checked now, and kept to. */
  public record Open(UUID viewer, UUID id) {
    public static final Address<Open, Opened> ADDRESS =
        Address.of("connection.open", Open.class, Opened.class);
  }

  /** {@code ticket} is null where it has no key. */
  public record Opened(Connection connection, @Nullable Ticket ticket) {}
}
