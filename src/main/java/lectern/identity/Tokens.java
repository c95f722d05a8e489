package lectern.identity;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * Bearer tokens: JWTs signed with HMAC-SHA256, good for this product alone and for one session.
 * What a token says is never believed without its session.
 */
final class Tokens {
  private static final String ISSUER = "lectern";
  private static final String AUDIENCE = "lectern-api";

  /** Nodes may disagree about the time by this much. */
  private static final int LEEWAY_SECONDS = 60;

  /** Ours have some 300 characters. */
  private static final int MOST_CHARACTERS = 2048;

  private final JWTAuth jwt;

  Tokens(Vertx vertx, byte[] key) {
    this.jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(key)))
                .setJWTOptions(
                    new JWTOptions()
                        .setAlgorithm("HS256")
                        .setIssuer(ISSUER)
                        .setAudience(List.of(AUDIENCE))
                        .setLeeway(LEEWAY_SECONDS)));
  }

  String issue(UUID user, UUID session, OffsetDateTime expiresAt) {
    return jwt.generateToken(
        new JsonObject()
            .put("sub", user.toString())
            .put("sid", session.toString())
            .put("exp", expiresAt.toEpochSecond()));
  }

  /** The session and user that a token names; fails when we did not sign it or its time is over. */
  Future<Named> open(String token) {
    if (token.length() > MOST_CHARACTERS) {
      return Future.failedFuture("The token is too long");
    }
    return jwt.authenticate(new TokenCredentials(token))
        .map(user -> named(user.principal(), user.attributes()));
  }

  private static Named named(JsonObject principal, JsonObject attributes) {
    JsonObject claims = attributes.getJsonObject("accessToken", principal);
    return new Named(
        UUID.fromString(claims.getString("sid")), UUID.fromString(claims.getString("sub")));
  }

  record Named(UUID session, UUID user) {}
}
