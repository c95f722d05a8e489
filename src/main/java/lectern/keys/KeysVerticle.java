package lectern.keys;

import com.github.benmanes.caffeine.cache.Ticker;
import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import lectern.bus.Bus;
import lectern.db.Database;
import lectern.net.Guard;
import lectern.net.GuardedClient;

/** Owns readers' keys and their own model servers. */
public final class KeysVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;
  private final SodiumJava sodium;
  private final KeysSettings settings;

  public KeysVerticle(Bus bus, Database database, SodiumJava sodium, KeysSettings settings) {
    this.bus = bus;
    this.database = database;
    this.sodium = sodium;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    return KeyRing.open(database, sodium, settings.ring()).compose(this::listen);
  }

  private Future<?> listen(Vault vault) {
    Turnstile turnstile = new Turnstile(Ticker.systemTicker());
    Keys keys = new Keys(bus, database.pool(), vault, turnstile);
    Guard guard = Guard.of(settings.allowPrivate()).onAnyPort();
    Connections connections =
        new Connections(bus, database, vault, new GuardedClient(vertx, guard), turnstile);
    Rotation rotation = new Rotation(database, vault);
    return Future.all(
        List.of(
            bus.answer(Key.ListOwn.ADDRESS, keys::list),
            bus.answer(Key.Put.ADDRESS, keys::put),
            bus.answer(Key.Revoke.ADDRESS, keys::revoke),
            bus.answer(Key.Test.ADDRESS, keys::test),
            bus.answer(Key.Usable.ADDRESS, keys::usable),
            bus.answer(Key.Open.ADDRESS, keys::open),
            bus.answer(Key.Used.ADDRESS, keys::used),
            bus.answer(Key.Rotate.ADDRESS, _ -> rotation.run()),
            bus.answer(UserConnection.ListOwn.ADDRESS, connections::list),
            bus.answer(UserConnection.Create.ADDRESS, connections::create),
            bus.answer(UserConnection.Change.ADDRESS, connections::change),
            bus.answer(UserConnection.Delete.ADDRESS, connections::delete),
            bus.answer(UserConnection.Test.ADDRESS, connections::test),
            bus.answer(UserConnection.Refresh.ADDRESS, connections::refresh),
            bus.answer(UserConnection.Open.ADDRESS, connections::open)));
  }

  /**
   * Seals everything anew with the first key of the ring, without a server; done when nothing is
   * left that opens.
   */
  public static Future<Key.Rotated> rotate(
      Database database, SodiumJava sodium, KeysSettings settings) {
    return KeyRing.open(database, sodium, settings.ring())
        .compose(vault -> untilDone(new Rotation(database, vault)));
  }

  private static Future<Key.Rotated> untilDone(Rotation rotation) {
    return rotation
        .run()
        .compose(
            rotated ->
                rotated.sealed() == 0 || rotated.remaining() == 0
                    ? Future.succeededFuture(rotated)
                    : untilDone(rotation).map(more -> rotated.and(more)));
  }
}
