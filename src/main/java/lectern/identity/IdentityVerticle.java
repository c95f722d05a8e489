package lectern.identity;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import lectern.bus.Bus;
import lectern.bus.Nothing;
import lectern.db.Database;
import org.jspecify.annotations.Nullable;

/** Owns accounts, passwords and sessions. */
public final class IdentityVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;
  private final SodiumJava sodium;
  private final IdentitySettings settings;
  private final Welcome welcome;
  private @Nullable Passwords passwords;

  public IdentityVerticle(
      Bus bus, Database database, SodiumJava sodium, IdentitySettings settings, Welcome welcome) {
    this.bus = bus;
    this.database = database;
    this.sodium = sodium;
    this.settings = settings;
    this.welcome = welcome;
  }

  @Override
  public Future<?> start() {
    Tokens tokens = new Tokens(vertx, settings.tokenKey());
    Sessions sessions = new Sessions(database.pool(), tokens, new SessionStore());
    Throttle throttle = new Throttle(database.pool(), settings.tokenKey());
    passwords = new Passwords(vertx, sodium);
    Accounts accounts =
        new Accounts(database, settings, passwords, throttle, sessions, new UserStore(), welcome);
    return Future.all(
        List.of(
            bus.answer(IdentityAddresses.REGISTRATION, _ -> accounts.registration()),
            bus.answer(IdentityAddresses.REGISTER, accounts::register),
            bus.answer(IdentityAddresses.TOKEN, accounts::signIn),
            bus.answer(
                IdentityAddresses.AUTHENTICATE, asked -> sessions.authenticate(asked.token())),
            bus.answer(
                IdentityAddresses.SIGN_OUT,
                asked -> sessions.end(asked.token()).map(Nothing.NOTHING)),
            bus.answer(IdentityAddresses.ME, asked -> accounts.find(asked.viewer())),
            bus.answer(
                IdentityAddresses.FIND_BY_EMAIL, asked -> accounts.findByEmail(asked.email()))));
  }

  @Override
  public Future<?> stop() {
    return passwords == null ? Future.succeededFuture() : passwords.close();
  }
}
