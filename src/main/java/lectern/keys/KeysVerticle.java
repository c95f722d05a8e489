package lectern.keys;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.util.List;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.llm.Secret;

/** Owns readers' keys and their own model servers. */
public final class KeysVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;
  private final Pool pool;
  private final SodiumJava sodium;
  private final KeysSettings settings;
  private Vault vault;

  @SuppressWarnings("NullAway.Init") // the vault needs the database
  public KeysVerticle(Bus bus, Database database, SodiumJava sodium, KeysSettings settings) {
    this.bus = bus;
    this.database = database;
    this.pool = database.pool();
    this.sodium = sodium;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    return KeyRing.open(database, sodium, settings.ring())
        .onSuccess(opened -> vault = opened)
        .compose(_ -> listen());
  }

  private Future<?> listen() {
    return Future.all(
        List.of(
            bus.answer(Key.ListOwn.ADDRESS, this::list),
            bus.answer(Key.Put.ADDRESS, this::put),
            bus.answer(Key.Revoke.ADDRESS, this::revoke)));
  }

  private Future<Key.Listing> list(Key.ListOwn question) {
    return KeyStore.list(pool, question.viewer()).map(Key.Listing::new);
  }

  private Future<Key.Stored> put(Key.Put question) {
    String provider = question.provider();
    if (!Key.PROVIDERS.contains(provider)) {
      throw new Refusal(
              Code.E_KEY_PROVIDER_INVALID, "Keys can be kept for openai, anthropic and gemini.")
          .with("field", "provider");
    }
    Secret secret = KeyFormat.check(question.apiKey());
    Sealed sealed = vault.seal(secret, Owner.of(question.viewer(), provider));
    return KeyStore.upsert(
        pool, question.viewer(), provider, sealed, KeyFormat.fingerprint(secret));
  }

  private Future<Nothing> revoke(Key.Revoke question) {
    return KeyStore.revoke(pool, question.viewer(), question.id())
        .map(
            there -> {
              if (!there) {
                throw missing();
              }
              return Nothing.NOTHING;
            });
  }

  private static Refusal missing() {
    return new Refusal(Code.E_KEY_NOT_FOUND, "You have no such key.");
  }
}
