package lectern.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import lectern.telemetry.RequestIds;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the port that browsers open: the app, its session, and the way through to the API. */
public final class GatewayVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger("lectern.gateway.access");

  /** Cookies and a long search query fit. */
  private static final int HEAD_BYTES = 16 << 10;

  /** Signing in is the gateway's own affair; the rest of these is for whoever runs the server. */
  private static final List<String> NOT_FOR_BROWSERS =
      List.of("/api/auth/*", "/api/metrics", "/api/health/*");

  private final GatewaySettings settings;
  private @Nullable Upstream upstream;
  private @Nullable HttpServer server;

  public GatewayVerticle(GatewaySettings settings) {
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    upstream = new Upstream(vertx, settings.api());
    return vertx
        .createHttpServer(options())
        .requestHandler(router(upstream))
        .listen(settings.port(), settings.host())
        .onSuccess(listening -> server = listening);
  }

  /** The port it listens on, once started. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("The gateway does not listen yet");
    }
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
    return closed.compose(_ -> upstream == null ? Future.succeededFuture() : upstream.close());
  }

  private Router router(Upstream api) {
    SessionCookie cookie = new SessionCookie(settings.overTls());
    Router router = Router.router(vertx);
    router.route().handler(GatewayVerticle::begin).handler(new SafetyHeaders(settings.overTls()));
    router.get("/health/live").handler(GatewayVerticle::live);
    router.route("/auth/*").handler(new Origins(settings));
    router.route("/api/*").handler(new Origins(settings));
    new SessionRoutes(api, cookie).mount(router);
    router.route("/auth/*").handler(ctx -> ctx.fail(404));
    NOT_FOR_BROWSERS.forEach(path -> router.route(path).handler(ctx -> ctx.fail(404)));
    router.route("/api/*").handler(new PassThrough(api, cookie, settings.bodyBytes())::pass);
    router.route().handler(new WebApp(vertx)::serve);
    router.route().failureHandler(Failures::respond);
    List.of(400, 404, 405, 413, 500).forEach(code -> router.errorHandler(code, Failures::respond));
    return router;
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(HEAD_BYTES)
        .setMaxHeaderSize(HEAD_BYTES)
        .setIdleTimeout(Upstream.SILENT_SECONDS)
        .setTcpNoDelay(true);
  }

  private static void begin(RoutingContext ctx) {
    String id = RequestIds.of(ctx.request().getHeader(RequestIds.HEADER));
    new Scope(id, null).enter();
    ctx.response().putHeader(RequestIds.HEADER, id);
    long began = System.nanoTime();
    ctx.addEndHandler(done -> tell(ctx, began, done.succeeded()));
    ctx.next();
  }

  /** One line a call; the app's files and the query are nobody's business. */
  private static void tell(RoutingContext ctx, long began, boolean whole) {
    String path = ctx.normalizedPath();
    if (path.startsWith("/api/") || path.startsWith("/auth/")) {
      log.atDebug()
          .addKeyValue("method", ctx.request().method().name())
          .addKeyValue("status_code", ctx.response().getStatusCode())
          .addKeyValue("duration_ms", (System.nanoTime() - began) / 10_000 / 100.0)
          .log(whole ? "gateway.request.completed" : "gateway.request.failed");
    }
  }

  private static void live(RoutingContext ctx) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(new JsonObject().put("status", "ok").toBuffer());
  }
}
