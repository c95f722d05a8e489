package lectern.gateway;

import static lectern.db.TestingDatabase.await;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An API that a test plays: it keeps what it was asked and answers as told. */
final class TestingApi {
  static final String TOKEN = "header.claims.signature";

  final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  final Router router;
  private final HttpServer server;

  TestingApi(Vertx vertx) {
    router = Router.router(vertx);
    router
        .route()
        .handler(
            ctx -> {
              HttpServerRequest request = ctx.request();
              asked.add(
                  new Asked(
                      request.method().name(),
                      request.uri(),
                      MultiMap.caseInsensitiveMultiMap().addAll(request.headers())));
              ctx.next();
            });
    router.get("/auth/registration").handler(ctx -> ctx.json(data("registration", "closed")));
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  void close() {
    await(server.close());
  }

  static JsonObject data(String name, Object value) {
    return new JsonObject().put("data", new JsonObject().put(name, value));
  }

  record Asked(String method, String uri, MultiMap headers) {}
}
