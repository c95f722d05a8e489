package lectern.keys;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.db.Database;
import lectern.keys.Key.Rotated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals what older master keys sealed anew with the newest one, a hundred rows a transaction, while
 * everything else goes on: rows somebody else holds are left for later, and a key that is replaced
 * or revoked meanwhile is the newer one or gone. Keys that do not open are left as they are.
 */
final class Rotation {
  private static final Logger log = LoggerFactory.getLogger(Rotation.class);
  private static final UUID FIRST = new UUID(0, 0);

  /** As long as an administrator may wait for one answer. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Database database;
  private final Vault vault;

  Rotation(Database database, Vault vault) {
    this.database = database;
    this.vault = vault;
  }

  /** Goes through both tables once, or as far as the time allows. */
  Future<Rotated> run() {
    long end = System.nanoTime() + LONGEST.toNanos();
    return through(KeyStore::claimOlder, RotationStore::resealKeys, FIRST, Done.NOTHING, end)
        .compose(
            keys ->
                through(
                    ConnectionStore::claimOlder,
                    RotationStore::resealConnections,
                    FIRST,
                    keys,
                    end))
        .compose(this::counted)
        .onSuccess(
            rotated ->
                log.atInfo()
                    .addKeyValue("version", rotated.version())
                    .addKeyValue("sealed", rotated.sealed())
                    .addKeyValue("unopened", rotated.unopened())
                    .addKeyValue("remaining", rotated.remaining())
                    .log("keys.rotated"));
  }

  private Future<Rotated> counted(Done done) {
    return RotationStore.countOlder(database.pool(), vault.newest())
        .map(
            left -> {
              int remaining = Math.max(0, left - done.unopened());
              return new Rotated(vault.newest(), done.sealed(), done.unopened(), remaining);
            });
  }

  private Future<Done> through(Claim claim, Write write, UUID after, Done so, long end) {
    if (System.nanoTime() > end) {
      return Future.succeededFuture(so);
    }
    return database
        .transaction(sql -> batch(sql, claim, write, after))
        .compose(
            batch ->
                batch.last().isEmpty()
                    ? Future.succeededFuture(so)
                    : through(claim, write, batch.last().get(), so.and(batch), end));
  }

  private Future<Batch> batch(SqlClient sql, Claim claim, Write write, UUID after) {
    return claim
        .older(sql, vault.newest(), after)
        .compose(
            older -> {
              List<Resealed> anew = older.stream().flatMap(this::sealedAnew).toList();
              Optional<UUID> last =
                  older.isEmpty() ? Optional.empty() : Optional.of(older.getLast().id());
              int unopened = older.size() - anew.size();
              return anew.isEmpty()
                  ? Future.succeededFuture(new Batch(0, unopened, last))
                  : write
                      .reseal(sql, anew, vault.newest())
                      .map(written -> new Batch(written, unopened, last));
            });
  }

  private Stream<Resealed> sealedAnew(Older older) {
    Optional<Sealed> anew = vault.sealAnew(older.sealed(), older.owner());
    if (anew.isEmpty()) {
      KeyLog.unopened(log, older.id(), older.sealed());
    }
    return anew.map(shut -> new Resealed(older.id(), shut)).stream();
  }

  /** A key that another master key seals. */
  record Older(UUID id, Owner owner, Sealed sealed) {}

  /** A key under its new seal. */
  record Resealed(UUID id, Sealed sealed) {
    /** Ids, ciphertexts and nonces, an array each. */
    static Tuple parameters(List<Resealed> keys) {
      return Tuple.tuple()
          .addArrayOfUUID(keys.stream().map(Resealed::id).toArray(UUID[]::new))
          .addArrayOfBuffer(
              keys.stream().map(key -> Buffer.buffer(key.sealed().bytes())).toArray(Buffer[]::new))
          .addArrayOfBuffer(
              keys.stream().map(key -> Buffer.buffer(key.sealed().nonce())).toArray(Buffer[]::new));
    }
  }

  private interface Claim {
    Future<List<Older>> older(SqlClient transaction, int version, UUID after);
  }

  private interface Write {
    Future<Integer> reseal(SqlClient transaction, List<Resealed> keys, int version);
  }

  private record Batch(int sealed, int unopened, Optional<UUID> last) {}

  private record Done(int sealed, int unopened) {
    static final Done NOTHING = new Done(0, 0);

    Done and(Batch batch) {
      return new Done(sealed + batch.sealed(), unopened + batch.unopened());
    }
  }
}
