package lectern.http;

import io.vertx.core.Future;
import lectern.bus.Bus;
import lectern.keys.Key;
import lectern.keys.UserConnection;
import org.jspecify.annotations.Nullable;

/** Readers' own keys and model servers over HTTP: each route asks one question. */
final class KeyRoutes {
  private final Bus bus;

  KeyRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> list(Call call) {
    return bus.ask(Key.ListOwn.ADDRESS, new Key.ListOwn(call.viewerId()))
        .map(listing -> Answer.ok(listing.keys()));
  }

  Future<Answer> put(Call call) {
    Given given = call.body(Given.class);
    return bus.ask(Key.Put.ADDRESS, new Key.Put(call.viewerId(), given.provider(), given.apiKey()))
        .map(stored -> stored.created() ? Answer.created(stored.key()) : Answer.ok(stored.key()));
  }

  Future<Answer> revoke(Call call) {
    return bus.ask(Key.Revoke.ADDRESS, new Key.Revoke(call.viewerId(), call.id("key_id")))
        .map(Answer::empty);
  }

  Future<Answer> test(Call call) {
    return bus.ask(Key.Test.ADDRESS, new Key.Test(call.viewerId(), call.id("key_id")))
        .map(Answer::ok);
  }

  Future<Answer> rotate(Call call) {
    return bus.ask(Key.Rotate.ADDRESS, new Key.Rotate()).map(Answer::ok);
  }

  Future<Answer> listConnections(Call call) {
    return bus.ask(UserConnection.ListOwn.ADDRESS, new UserConnection.ListOwn(call.viewerId()))
        .map(listing -> Answer.ok(listing.connections()));
  }

  Future<Answer> createConnection(Call call) {
    Server server = call.body(Server.class);
    return bus.ask(
            UserConnection.Create.ADDRESS,
            new UserConnection.Create(
                call.viewerId(),
                String.valueOf(server.name()),
                String.valueOf(server.baseUrl()),
                server.apiKey(),
                server.dialect()))
        .map(Answer::created);
  }

  Future<Answer> changeConnection(Call call) {
    Server server = call.body(Server.class);
    boolean keyGiven = call.given().contains("api_key");
    return bus.ask(
            UserConnection.Change.ADDRESS,
            new UserConnection.Change(
                call.viewerId(),
                call.id("connection_id"),
                server.name(),
                server.baseUrl(),
                keyGiven,
                server.apiKey(),
                server.dialect()))
        .map(Answer::ok);
  }

  Future<Answer> deleteConnection(Call call) {
    return bus.ask(
            UserConnection.Delete.ADDRESS,
            new UserConnection.Delete(call.viewerId(), call.id("connection_id")))
        .map(Answer::empty);
  }

  Future<Answer> testConnection(Call call) {
    return bus.ask(
            UserConnection.Test.ADDRESS,
            new UserConnection.Test(call.viewerId(), call.id("connection_id")))
        .map(Answer::ok);
  }

  private record Given(String provider, String apiKey) {
    @Override
    public String toString() {
      return "Given[" + provider + "]";
    }
  }

  /** Of a change, what is absent is null. */
  private record Server(
      @Nullable String name,
      @Nullable String baseUrl,
      @Nullable String apiKey,
      @Nullable String dialect) {
    @Override
    public String toString() {
      return "Server[" + name + "]";
    }
  }
}
