package lectern.http;

import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, when its response has gone out: method, route, status, duration. Never the
 * query.
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("lectern.http.access");

  private static final String ROUTE = "route";

  private AccessLog() {}

  /** Which route takes this request; a refused one has none any more when it is logged. */
  static void taken(RoutingContext ctx, String route) {
    ctx.put(ROUTE, route);
  }

  static void watch(RoutingContext ctx) {
    long began = System.nanoTime();
    ctx.addEndHandler(
        done -> {
          if (log.isInfoEnabled() && !ctx.request().path().startsWith("/health/")) {
            log.atInfo()
                .addKeyValue("method", ctx.request().method().name())
                .addKeyValue("route", route(ctx))
                .addKeyValue("status_code", ctx.response().getStatusCode())
                .addKeyValue("duration_ms", (System.nanoTime() - began) / 10_000 / 100.0)
                .log(done.succeeded() ? "http.request.completed" : "http.request.failed");
          }
        });
  }

  private static String route(RoutingContext ctx) {
    String route = ctx.get(ROUTE);
    return route == null ? "none" : route;
  }
}
