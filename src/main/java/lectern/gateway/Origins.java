package lectern.gateway;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Lets only the app's own pages change anything. The page's origin must be the public address where
 * one is set, else the very host that the request was sent to; and a server that listens on
 * loopback must have been asked for by a loopback name, for otherwise any site could point its own
 * name here and be its own origin.
 */
final class Origins implements Handler<RoutingContext> {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Optional<String> publicOrigin;
  private final boolean onLoopback;

  Origins(GatewaySettings settings) {
    this.publicOrigin = settings.publicUrl().map(Origins::origin);
    this.onLoopback = LOOPBACK.contains(settings.host()) || settings.host().equals("::1");
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (READING.contains(ctx.request().method()) || isOwn(ctx.request())) {
      ctx.next();
    } else {
      ctx.fail(
          new Refusal(Code.E_ORIGIN_FORBIDDEN, "This can only be done from Lectern's own pages."));
    }
  }

  private boolean isOwn(HttpServerRequest request) {
    String claimed = claimed(request);
    if (claimed == null) {
      return false;
    }
    if (publicOrigin.isPresent()) {
      return claimed.equals(publicOrigin.get());
    }
    String host = request.authority() == null ? "" : request.authority().toString();
    boolean same = claimed.equals("http://" + host) || claimed.equals("https://" + host);
    return same && (!onLoopback || LOOPBACK.contains(host.replaceFirst(":[0-9]+$", "")));
  }

  /** The origin the browser names; from the Referer where an old one sends no Origin. */
  private static @Nullable String claimed(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null) {
      return origin;
    }
    String referer = request.getHeader(HttpHeaders.REFERER);
    try {
      return referer == null ? null : origin(URI.create(referer));
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }

  private static String origin(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority();
  }
}
