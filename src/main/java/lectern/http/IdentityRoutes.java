package lectern.http;

import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.identity.IdentityAddresses;
import lectern.identity.IdentityAddresses.Authenticate;
import lectern.identity.IdentityAddresses.Me;
import lectern.identity.IdentityAddresses.Register;
import lectern.identity.IdentityAddresses.SignIn;
import lectern.identity.IdentityAddresses.SignOut;
import lectern.identity.User;
import lectern.identity.Viewer;
import lectern.library.Library;
import org.jspecify.annotations.Nullable;

/** Accounts and tokens over HTTP. */
final class IdentityRoutes {
  private final Bus bus;

  IdentityRoutes(Bus bus) {
    this.bus = bus;
  }

  /** Whom a bearer token speaks for; what {@link Edge} asks before a guarded route. */
  Future<UUID> authenticate(String token) {
    return bus.ask(IdentityAddresses.AUTHENTICATE, new Authenticate(token)).map(Viewer::id);
  }

  /** The same route for administrators alone. */
  Function<Call, Future<Answer>> forAdministrators(Function<Call, Future<Answer>> route) {
    return call ->
        bus.ask(IdentityAddresses.AUTHENTICATE, new Authenticate(call.tokenText()))
            .compose(viewer -> viewer.isAdmin() ? route.apply(call) : forbidden());
  }

  private static Future<Answer> forbidden() {
    return Future.failedFuture(
        new Refusal(Code.E_FORBIDDEN, "Only those who administer this server may do that."));
  }

  Future<Answer> registration(Call call) {
    return bus.ask(IdentityAddresses.REGISTRATION, Nothing.NOTHING).map(Answer::ok);
  }

  Future<Answer> register(Call call) {
    Wanted wanted = call.body(Wanted.class);
    return bus.ask(
            IdentityAddresses.REGISTER,
            new Register(
                wanted.email(),
                wanted.password(),
                wanted.name(),
                wanted.invitationCode(),
                call.client()))
        .map(Answer::created);
  }

  Future<Answer> token(Call call) {
    Credentials given = call.body(Credentials.class);
    return bus.ask(
            IdentityAddresses.TOKEN, new SignIn(given.email(), given.password(), call.client()))
        .map(Answer::ok);
  }

  Future<Answer> signOut(Call call) {
    return bus.ask(IdentityAddresses.SIGN_OUT, new SignOut(call.tokenText())).map(Answer::empty);
  }

  Future<Answer> me(Call call) {
    return bus.ask(IdentityAddresses.ME, new Me(call.viewerId()))
        .compose(
            user ->
                bus.ask(
                        Library.ListOwn.ADDRESS,
                        new Library.ListOwn(call.viewerId(), Library.ListOwn.MOST))
                    .map(mine -> Answer.ok(new Myself(user, defaultOf(mine)))));
  }

  private static UUID defaultOf(Library.Listing mine) {
    return mine.libraries().stream()
        .filter(Library::isDefault)
        .findFirst()
        .map(Library::id)
        .orElseThrow();
  }

  private record Wanted(
      String email, String password, @Nullable String name, @Nullable String invitationCode) {
    @Override
    public String toString() {
      return "Wanted";
    }
  }

  private record Credentials(String email, String password) {
    @Override
    public String toString() {
      return "Credentials";
    }
  }

  private record Myself(User user, UUID defaultLibraryId) {}
}
