package lectern.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Constraints;
import lectern.db.Database;
import lectern.identity.IdentityAddresses.Register;
import lectern.identity.IdentityAddresses.SignIn;
import org.jspecify.annotations.Nullable;

/** Making accounts and coming back to them. */
final class Accounts {
  private static final Constraints REFUSALS =
      Constraints.of(
          Map.of(
              "users_email_unique",
              new Refusal(Code.E_EMAIL_TAKEN, "There is an account with this e-mail already.")
                  .with("field", "email")));

  private final Database database;
  private final IdentitySettings settings;
  private final Passwords passwords;
  private final Throttle throttle;
  private final Sessions sessions;
  private final UserStore users;
  private final Welcome welcome;

  Accounts(
      Database database,
      IdentitySettings settings,
      Passwords passwords,
      Throttle throttle,
      Sessions sessions,
      UserStore users,
      Welcome welcome) {
    this.database = database;
    this.settings = settings;
    this.passwords = passwords;
    this.throttle = throttle;
    this.sessions = sessions;
    this.users = users;
    this.welcome = welcome;
  }

  Future<RegistrationState> registration() {
    return users
        .isAnybodyThere(database.pool())
        .map(
            there ->
                new RegistrationState(
                    there ? settings.registration().name().toLowerCase(Locale.ROOT) : "first"));
  }

  /** The door is looked at twice: before the costly hash, and for good in the transaction. */
  Future<SignedIn> register(Register asked) {
    NewAccount account = NewAccount.of(asked);
    return throttle
        .begin("registration " + account.email(), asked.client())
        .compose(
            attempt ->
                users
                    .isAnybodyThere(database.pool())
                    .map(there -> admitted(there, asked.invitationCode()))
                    .compose(_ -> passwords.hash(account.password()))
                    .compose(hash -> make(account, hash, asked.invitationCode()))
                    .compose(signedIn -> throttle.forget(attempt).map(signedIn)));
  }

  /** One refusal for a wrong password and for no such account, after the same work. */
  Future<SignedIn> signIn(SignIn asked) {
    String email = NewAccount.normalisedEmail(asked.email());
    String password = NewAccount.normalisedPassword(asked.password());
    return throttle
        .begin(email, asked.client())
        .compose(
            attempt ->
                proved(email, password)
                    .compose(user -> throttle.forget(attempt).map(user))
                    .compose(user -> sessions.begin(database.pool(), user)));
  }

  Future<User> find(UUID id) {
    return users
        .find(database.pool(), id)
        .map(
            found ->
                found.orElseThrow(
                    () -> new Refusal(Code.E_USER_NOT_FOUND, "There is no such account.")));
  }

  Future<User> findByEmail(String email) {
    return users
        .findByEmail(database.pool(), NewAccount.normalisedEmail(email))
        .map(
            found ->
                found
                    .map(UserStore.WithPassword::user)
                    .orElseThrow(
                        () ->
                            new Refusal(
                                Code.E_USER_NOT_FOUND, "Nobody here has that e-mail address.")));
  }

  private Future<SignedIn> make(NewAccount account, String hash, @Nullable String code) {
    return REFUSALS.guard(
        database.transaction(
            transaction ->
                users
                    .lockRegistration(transaction)
                    .compose(_ -> users.isAnybodyThere(transaction))
                    .map(there -> admitted(there, code))
                    .compose(first -> users.insert(transaction, account, hash, first))
                    .compose(
                        user ->
                            welcome
                                .receive(transaction, user.id())
                                .compose(_ -> sessions.begin(transaction, user)))));
  }

  private Future<User> proved(String email, String password) {
    return users
        .findByEmail(database.pool(), email)
        .compose(
            found -> {
              @Nullable String hash = found.map(UserStore.WithPassword::hash).orElse(null);
              return passwords
                  .matches(password, hash)
                  .map(
                      same -> {
                        if (!same) {
                          throw wrong();
                        }
                        return found.orElseThrow().user();
                      });
            });
  }

  /** Whether this will be the first account, which is always welcome and administers the server. */
  private boolean admitted(boolean anybodyThere, @Nullable String code) {
    if (!anybodyThere) {
      return true;
    }
    switch (settings.registration()) {
      case OPEN -> {}
      case CLOSED ->
          throw new Refusal(
              Code.E_REGISTRATION_CLOSED, "This server takes no new accounts. Ask who runs it.");
      case INVITATION -> checkInvitation(code);
    }
    return false;
  }

  private void checkInvitation(@Nullable String code) {
    byte[] right = settings.invitationCode().orElseThrow().getBytes(UTF_8);
    if (code == null || !MessageDigest.isEqual(right, code.strip().getBytes(UTF_8))) {
      throw new Refusal(
              Code.E_REGISTRATION_CLOSED, "An account here needs an invitation code that is right.")
          .with("field", "invitation_code");
    }
  }

  private static Refusal wrong() {
    return new Refusal(Code.E_UNAUTHENTICATED, "The e-mail or the password is wrong.");
  }
}
