package lectern.models;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.keys.Key;
import lectern.keys.Key.OpenedKey;
import lectern.keys.UserConnection;

/** What one question opens of a reader's keys and servers, each asked for once. */
final class Opening {
  private final Bus bus;
  private final UUID reader;
  private final Map<String, Future<Optional<OpenedKey>>> keys = new HashMap<>();
  private final Map<UUID, Future<UserConnection.Opened>> servers = new HashMap<>();

  Opening(Bus bus, UUID reader) {
    this.bus = bus;
    this.reader = reader;
  }

  /** The reader's usable key for a provider. */
  Future<Optional<OpenedKey>> key(String provider) {
    return keys.computeIfAbsent(
        provider,
        name ->
            bus.ask(Key.Open.ADDRESS, new Key.Open(reader, name))
                .map(opened -> Optional.ofNullable(opened.key())));
  }

  /** One of the reader's own servers, its name looked up now. */
  Future<UserConnection.Opened> server(UUID connection) {
    return servers.computeIfAbsent(
        connection,
        id -> bus.ask(UserConnection.Open.ADDRESS, new UserConnection.Open(reader, id)));
  }
}
