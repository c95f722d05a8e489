package lectern.identity;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/** What can be asked about people. */
public final class IdentityAddresses {
  /** Makes an account and signs it in. */
  public static final Address<Register, SignedIn> REGISTER =
      Address.of("identity.register", Register.class, SignedIn.class)
          .patience(Duration.ofSeconds(15));

  /** Trades an e-mail and a password for a token. */
  public static final Address<SignIn, SignedIn> TOKEN =
      Address.of("identity.token", SignIn.class, SignedIn.class).patience(Duration.ofSeconds(15));

  /** Whom a token speaks for, or E_UNAUTHENTICATED. */
  public static final Address<Authenticate, Viewer> AUTHENTICATE =
      Address.of("identity.authenticate", Authenticate.class, Viewer.class);

  /** Ends the session of a token; a token that is good for nothing is already signed out. */
  public static final Address<SignOut, Nothing> SIGN_OUT =
      Address.of("identity.sign_out", SignOut.class, Nothing.class);

  /** The account of a user. */
  public static final Address<Me, User> ME = Address.of("identity.me", Me.class, User.class);

  /** The account with an e-mail, or E_USER_NOT_FOUND. For those who may invite somebody only. */
  public static final Address<FindByEmail, User> FIND_BY_EMAIL =
      Address.of("identity.find_by_email", FindByEmail.class, User.class);

  /** Who may make an account at the moment. */
  public static final Address<Nothing, RegistrationState> REGISTRATION =
      Address.of("identity.registration", Nothing.class, RegistrationState.class);

  private IdentityAddresses() {}

  /** Asks for an account. {@code client} is the address the browser or program comes from. */
  public record Register(
      String email,
      String password,
      @Nullable String name,
      @Nullable String invitationCode,
      @Nullable String client) {
    @Override
    public String toString() {
      return "Register";
    }
  }

  /** Asks for a token. {@code client} is the address the browser or program comes from. */
  public record SignIn(String email, String password, @Nullable String client) {
    @Override
    public String toString() {
      return "SignIn";
    }
  }

  /** Asks whom a bearer token speaks for. */
  public record Authenticate(String token) {
    @Override
    public String toString() {
      return "Authenticate";
    }
  }

  /** Asks that the session of this token end. */
  public record SignOut(String token) {
    @Override
    public String toString() {
      return "SignOut";
    }
  }

  /** Asks for the account of somebody known by e-mail, in whatever spelling. */
  public record FindByEmail(String email) {
    @Override
    public String toString() {
      return "FindByEmail";
    }
  }

  /** Asks for the viewer's account. */
  public record Me(UUID viewer) {}
}
