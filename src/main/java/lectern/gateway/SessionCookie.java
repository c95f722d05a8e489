package lectern.gateway;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token as a cookie that scripts cannot read and other sites cannot send. Strict costs
 * nothing here: a link from elsewhere loads the app, which needs no cookie, and the app's own calls
 * are same-site.
 */
final class SessionCookie {
  static final String NAME = "lectern_session";

  /** Browsers keep 4,096 bytes of a cookie; our tokens have some 300. */
  private static final int MOST_CHARACTERS = 3_800;

  private final boolean secure;

  SessionCookie(boolean secure) {
    this.secure = secure;
  }

  @Nullable String token(HttpServerRequest request) {
    Cookie cookie = request.getCookie(NAME);
    return cookie == null || !isToken(cookie.getValue()) ? null : cookie.getValue();
  }

  void set(HttpServerResponse response, String token, OffsetDateTime expiresAt) {
    Duration left = Duration.between(OffsetDateTime.now(ZoneOffset.UTC), expiresAt);
    response.addCookie(cookie(token).setMaxAge(Math.max(0, left.toSeconds())));
  }

  void clear(HttpServerResponse response) {
    response.addCookie(cookie("").setMaxAge(0));
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(NAME, value)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(secure)
        .setPath("/");
  }

  private static boolean isToken(String value) {
    return value.length() <= MOST_CHARACTERS && value.matches("[A-Za-z0-9._~+/=-]+");
  }
}
