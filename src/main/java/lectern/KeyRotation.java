package lectern;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Vertx;
import lectern.db.Database;
import lectern.db.DatabaseServer;
import lectern.keys.Key;
import lectern.keys.KeysVerticle;
import lectern.telemetry.Scope;

/**
 * Seals stored keys anew from the command line. Beside running servers on an outside database; the
 * embedded one serves one process at a time, so there it takes a server that is stopped.
 */
final class KeyRotation {
  private KeyRotation() {}

  static Key.Rotated run(Config config) {
    Scope.register();
    try (Parts parts = new Parts()) {
      DatabaseServer server = parts.open(DatabaseServer.start(Wiring.database(config)));
      Vertx vertx = Vertx.vertx();
      parts.closing(() -> Parts.await(vertx.close()));
      Database database = new Database(vertx, server, config.database().poolSize());
      parts.closing(() -> Parts.await(database.close()));
      return Parts.await(KeysVerticle.rotate(database, new SodiumJava(), Wiring.keys(config)));
    }
  }
}
