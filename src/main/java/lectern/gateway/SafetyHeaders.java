package lectern.gateway;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/**
 * What the browser is told never to do. The app may run its own scripts only, and make markup from
 * text only through two named policies; what the API serves, which may be a document that somebody
 * uploaded, may do nothing at all.
 */
final class SafetyHeaders implements Handler<RoutingContext> {
  static final String APP =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data: blob:",
          "font-src 'self'",
          "connect-src 'self'",
          "worker-src 'self'",
          "manifest-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types reader-html pdf-worker");

  static final String API = "default-src 'none'; frame-ancestors 'none'; sandbox";

  private final boolean overTls;

  SafetyHeaders(boolean overTls) {
    this.overTls = overTls;
  }

  @Override
  public void handle(RoutingContext ctx) {
    boolean api = ctx.normalizedPath().startsWith("/api/");
    MultiMap headers = ctx.response().headers();
    headers.set("content-security-policy", api ? API : APP);
    headers.set("x-content-type-options", "nosniff");
    headers.set("x-frame-options", "DENY");
    headers.set("referrer-policy", "same-origin");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-resource-policy", "same-origin");
    headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
    if (overTls) {
      headers.set("strict-transport-security", "max-age=31536000");
    }
    ctx.next();
  }
}
