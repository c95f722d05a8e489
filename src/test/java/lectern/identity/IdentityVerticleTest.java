package lectern.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import lectern.bus.Address;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.db.TestingDatabase;
import lectern.identity.IdentityAddresses.Authenticate;
import lectern.identity.IdentityAddresses.Me;
import lectern.identity.IdentityAddresses.Register;
import lectern.identity.IdentityAddresses.SignIn;
import lectern.identity.IdentityAddresses.SignOut;
import lectern.telemetry.Scope;
import lectern.telemetry.TestingLog;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityVerticleTest {
  @RegisterExtension static final TestingDatabase database = new TestingDatabase();
  private static final SodiumJava SODIUM = new SodiumJava();
  private static final byte[] KEY = new byte[32];
  private static final String PASSWORD = "correct horse battery";

  private Vertx vertx;
  private Bus bus;

  @BeforeEach
  void start() {
    database.execute("truncate users cascade; truncate sign_in_failure");
    Scope.register();
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void the_first_account_administers_and_the_door_then_closes() {
    deploy(Registration.CLOSED);
    assertThat(ask(IdentityAddresses.REGISTRATION, Nothing.NOTHING).registration())
        .isEqualTo("first");

    SignedIn first = register("First@Example.org ");

    assertThat(first.user().email()).isEqualTo("first@example.org");
    assertThat(first.user().isAdmin()).isTrue();
    assertThat(first.tokenType()).isEqualTo("Bearer");
    assertThat(first.expiresAt()).isAfter(OffsetDateTime.now(ZoneOffset.UTC).plusDays(29));
    assertThat(ask(IdentityAddresses.REGISTRATION, Nothing.NOTHING).registration())
        .isEqualTo("closed");
    assertRefused(Code.E_REGISTRATION_CLOSED, () -> register("second@example.org"));
  }

  @Test
  void of_many_who_come_first_at_once_one_becomes_administrator() {
    deploy(Registration.OPEN);
    List<Future<SignedIn>> many =
        IntStream.range(0, 8)
            .mapToObj(
                n -> bus.ask(IdentityAddresses.REGISTER, asked("p" + n + "@example.org", null)))
            .toList();
    await(Future.all(many));
    assertThat(many.stream().filter(each -> each.result().user().isAdmin())).hasSize(1);
  }

  @Test
  void an_email_has_one_account_however_it_is_spelled_or_raced_for() {
    deploy(Registration.OPEN);
    List<Future<SignedIn>> two =
        List.of(
            bus.ask(IdentityAddresses.REGISTER, asked("me@example.org", null)),
            bus.ask(IdentityAddresses.REGISTER, asked("ME@example.org", null)));
    Throwable refused = catchThrowable(() -> await(Future.all(two)));
    await(Future.join(two).otherwiseEmpty());
    assertThat(refused)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(Code.E_EMAIL_TAKEN);
              assertThat(refusal.details()).containsEntry("field", "email");
            });
    assertThat(two.stream().filter(Future::succeeded)).hasSize(1);
  }

  @Test
  void an_invitation_code_opens_the_door() {
    deploy(Registration.INVITATION);
    register("first@example.org");
    assertRefused(Code.E_REGISTRATION_CLOSED, () -> register("second@example.org"));
    assertRefused(
        Code.E_REGISTRATION_CLOSED,
        () -> ask(IdentityAddresses.REGISTER, asked("second@example.org", "come out")));
    SignedIn second = ask(IdentityAddresses.REGISTER, asked("second@example.org", "come in"));
    assertThat(second.user().isAdmin()).isFalse();
  }

  @Test
  void a_welcome_that_fails_leaves_no_account() {
    deploy(
        Registration.OPEN, (_, _) -> Future.failedFuture(new IllegalStateException("no library")));
    assertRefused(Code.E_INTERNAL, () -> register("me@example.org"));
    assertThat(ask(IdentityAddresses.REGISTRATION, Nothing.NOTHING).registration())
        .isEqualTo("first");
  }

  @Test
  void a_token_opens_its_session_until_that_ends() {
    deploy(Registration.OPEN);
    register("me@example.org");
    SignedIn mine = signIn("me@example.org", PASSWORD);

    Viewer viewer = ask(IdentityAddresses.AUTHENTICATE, new Authenticate(mine.token()));
    assertThat(viewer.id()).isEqualTo(mine.user().id());
    assertThat(ask(IdentityAddresses.ME, new Me(viewer.id()))).isEqualTo(mine.user());

    ask(IdentityAddresses.SIGN_OUT, new SignOut(mine.token()));
    assertUnauthenticated(mine.token());
    ask(IdentityAddresses.SIGN_OUT, new SignOut("nothing"));
  }

  @Test
  void an_expired_session_opens_nothing_whatever_the_token_says() {
    deploy(Registration.OPEN);
    SignedIn mine = register("me@example.org");
    database.execute("update session set expires_at = now() - interval '1 second'");
    assertUnauthenticated(mine.token());
  }

  @Test
  void a_token_is_ours_or_worth_nothing() {
    deploy(Registration.OPEN);
    SignedIn mine = register("me@example.org");
    JsonObject claims = claims(mine.token());
    byte[] otherKey = new byte[32];
    Arrays.fill(otherKey, (byte) 1);

    assertThat(claims.fieldNames())
        .containsExactlyInAnyOrder("iss", "aud", "sub", "sid", "iat", "exp");
    assertUnauthenticated("");
    assertUnauthenticated("a.b.c");
    assertUnauthenticated("x".repeat(5000));
    assertUnauthenticated(mine.token().substring(0, mine.token().length() - 2));
    assertUnauthenticated(signed(claims, otherKey));
    assertUnauthenticated(signed(claims.copy().put("iss", "elsewhere"), KEY));
    assertUnauthenticated(signed(claims.copy().put("aud", "elsewhere"), KEY));
    assertUnauthenticated(signed(claims.copy().put("exp", 1_000_000), KEY));
    assertUnauthenticated(signed(claims.copy().put("sub", UUID.randomUUID().toString()), KEY));
    assertUnauthenticated(signed(claims.copy().put("sid", "not an id"), KEY));
    assertUnauthenticated(unsigned(claims));
    assertThat(ask(IdentityAddresses.AUTHENTICATE, new Authenticate(signed(claims, KEY))).id())
        .isEqualTo(mine.user().id());
  }

  @Test
  void a_wrong_password_and_an_unknown_email_are_told_the_same() {
    deploy(Registration.OPEN);
    register("me@example.org");
    Throwable wrong = catchThrowable(() -> signIn("me@example.org", "not the password"));
    Throwable unknown = catchThrowable(() -> signIn("you@example.org", PASSWORD));
    assertThat(wrong).isInstanceOf(Refusal.class).hasMessage(unknown.getMessage());
    assertThat(((Refusal) wrong).code()).isEqualTo(Code.E_UNAUTHENTICATED);
  }

  @Test
  void guessing_one_email_is_slowed_down_and_even_the_right_password_waits_then() {
    deploy(Registration.OPEN);
    register("me@example.org");
    for (int guess = 0; guess < Throttle.PER_EMAIL; guess++) {
      assertRefused(Code.E_UNAUTHENTICATED, () -> signIn("me@example.org", "not the password"));
    }
    Throwable refused = catchThrowable(() -> signIn("ME@example.org", PASSWORD));
    assertThat(((Refusal) refused).code()).isEqualTo(Code.E_RATE_LIMITED);
    assertThat(((Refusal) refused).details().get("retry_after_seconds"))
        .asInstanceOf(InstanceOfAssertFactories.INTEGER)
        .isBetween(800, 900);
    assertRefused(Code.E_UNAUTHENTICATED, () -> signIn("other@example.org", "not the password"));

    database.execute("update sign_in_failure set failed_at = now() - interval '16 minutes'");
    assertThat(signIn("me@example.org", PASSWORD).token()).isNotEmpty();
  }

  @Test
  void guessing_from_one_address_is_slowed_down_for_all_emails() {
    deploy(Registration.OPEN);
    register("me@example.org");
    for (int guess = 0; guess < Throttle.PER_ADDRESS; guess++) {
      int n = guess;
      assertRefused(
          Code.E_UNAUTHENTICATED, () -> signIn("u" + n + "@example.org", "a wrong password"));
    }
    assertRefused(Code.E_RATE_LIMITED, () -> signIn("me@example.org", PASSWORD));
  }

  @Test
  void a_burst_of_guesses_is_worth_little_more_than_the_same_in_a_row() {
    deploy(Registration.OPEN);
    register("me@example.org");
    List<Future<SignedIn>> burst =
        IntStream.range(0, 40)
            .mapToObj(
                _ ->
                    bus.ask(
                        IdentityAddresses.TOKEN,
                        new SignIn("me@example.org", "a wrong password", null)))
            .toList();
    await(Future.join(burst).otherwiseEmpty());
    long looked =
        burst.stream()
            .filter(each -> ((Refusal) each.cause()).code() == Code.E_UNAUTHENTICATED)
            .count();
    assertThat(looked).isBetween((long) Throttle.PER_EMAIL, Throttle.PER_EMAIL + 8L);
  }

  @Test
  void the_right_password_is_not_held_against_anybody() {
    deploy(Registration.OPEN);
    register("me@example.org");
    for (int time = 0; time < Throttle.PER_EMAIL + 2; time++) {
      signIn("me@example.org", PASSWORD);
    }
  }

  @Test
  void what_is_kept_is_argon2id_and_what_is_logged_says_nothing() {
    try (TestingLog log = new TestingLog()) {
      deploy(Registration.OPEN);
      SignedIn mine = register("me@example.org");
      assertRefused(Code.E_UNAUTHENTICATED, () -> signIn("me@example.org", "not the password"));
      log.assertSaysNothingOf(PASSWORD, "not the password", mine.token());
      assertThat(mine.toString()).doesNotContain(mine.token());
    }
    String hash =
        await(database.pool().query("select password_hash from users").execute())
            .iterator()
            .next()
            .getString(0);
    assertThat(hash).startsWith("$argon2id$v=19$m=65536,t=2,p=1$").doesNotContain("\0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "me", "@example.org", "me@", "me@@example.org", "me @example.org", "me@a..b"})
  void what_is_no_email_is_refused(String email) {
    deploy(Registration.OPEN);
    Throwable refused = catchThrowable(() -> register(email));
    assertThat(((Refusal) refused).code()).isEqualTo(Code.E_INVALID_REQUEST);
    assertThat(((Refusal) refused).details()).containsEntry("field", "email");
  }

  @Test
  void a_password_is_counted_in_characters_and_is_the_same_from_every_keyboard() {
    deploy(Registration.OPEN);
    assertThatThrownBy(() -> registerWith("a@example.org", "😀".repeat(9)))
        .hasMessage("A password needs at least 10 characters.");
    assertThatThrownBy(() -> registerWith("a@example.org", "x".repeat(1025)))
        .hasMessage("A password has at most 1024 characters.");
    registerWith("a@example.org", "cafe\u0301 au lait");
    assertThat(signIn("a@example.org", "caf\u00e9 au lait").user().email())
        .isEqualTo("a@example.org");
    registerWith("b@example.org", "😀".repeat(1024));
  }

  private void deploy(Registration registration) {
    deploy(registration, (_, _) -> Future.succeededFuture());
  }

  private void deploy(Registration registration, Welcome welcome) {
    Database mine = database.open(vertx);
    IdentitySettings settings = new IdentitySettings(registration, Optional.of("come in"), KEY);
    await(vertx.deployVerticle(new IdentityVerticle(bus, mine, SODIUM, settings, welcome)));
  }

  private <Q, A> A ask(Address<Q, A> address, Q question) {
    return await(bus.ask(address, question));
  }

  private static Register asked(String email, @Nullable String code) {
    return new Register(email, PASSWORD, null, code, null);
  }

  private SignedIn register(String email) {
    return ask(IdentityAddresses.REGISTER, asked(email, null));
  }

  private SignedIn registerWith(String email, String password) {
    return ask(
        IdentityAddresses.REGISTER, new Register(email, password, "A Reader", null, "10.0.0.1"));
  }

  private SignedIn signIn(String email, String password) {
    return ask(IdentityAddresses.TOKEN, new SignIn(email, password, "10.0.0.2"));
  }

  private void assertUnauthenticated(String token) {
    assertRefused(
        Code.E_UNAUTHENTICATED, () -> ask(IdentityAddresses.AUTHENTICATE, new Authenticate(token)));
  }

  private static void assertRefused(Code code, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static JsonObject claims(String token) {
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(token.split("\\.")[1])));
  }

  private String signed(JsonObject claims, byte[] key) {
    return JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(key))))
        .generateToken(claims, new JWTOptions().setAlgorithm("HS256"));
  }

  private static String unsigned(JsonObject claims) {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    String header = new JsonObject().put("alg", "none").put("typ", "JWT").encode();
    return encoder.encodeToString(header.getBytes(UTF_8))
        + "."
        + encoder.encodeToString(claims.encode().getBytes(UTF_8))
        + ".";
  }
}
