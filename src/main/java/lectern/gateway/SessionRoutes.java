package lectern.gateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.OffsetDateTime;
import java.util.Objects;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * {@code /auth/*}: trades an account for a cookie and back. The token itself never reaches the
 * page: answers carry the user alone.
 */
final class SessionRoutes {
  /** An e-mail, a password and a name, at their longest and escaped. */
  private static final int BODY_BYTES = 16 << 10;

  private final Upstream upstream;
  private final SessionCookie cookie;

  SessionRoutes(Upstream upstream, SessionCookie cookie) {
    this.upstream = upstream;
    this.cookie = cookie;
  }

  void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES);
    router.post("/auth/register").handler(body).handler(ctx -> signIn(ctx, "/auth/register"));
    router.post("/auth/login").handler(body).handler(ctx -> signIn(ctx, "/auth/token"));
    router.post("/auth/logout").handler(this::signOut);
    router.get("/auth/session").handler(this::session);
  }

  private void signIn(RoutingContext ctx, String path) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    ask(HttpMethod.POST, path, ctx.request(), null, type, ctx.body().buffer())
        .onSuccess(told -> signedIn(ctx.response(), told))
        .onFailure(ctx::fail);
  }

  private void signedIn(HttpServerResponse response, Told told) {
    if (!told.isFine()) {
      told.repeat(response);
      return;
    }
    JsonObject data = told.data();
    cookie.set(
        response, data.getString("token"), OffsetDateTime.parse(data.getString("expires_at")));
    JsonObject user = new JsonObject().put("user", data.getJsonObject("user"));
    answer(response, told.status(), user);
  }

  /** Forgets the cookie in any case; that the API forgets the session too is tried. */
  private void signOut(RoutingContext ctx) {
    String token = cookie.token(ctx.request());
    cookie.clear(ctx.response());
    ctx.response().setStatusCode(204);
    if (token == null) {
      ctx.end();
      return;
    }
    ask(HttpMethod.POST, "/auth/sign-out", ctx.request(), token, null, null)
        .onComplete(_ -> ctx.end());
  }

  /** Who is signed in, nobody included, and who may register. */
  private void session(RoutingContext ctx) {
    String token = cookie.token(ctx.request());
    HttpServerRequest request = ctx.request();
    Future<Told> registration =
        ask(HttpMethod.GET, "/auth/registration", request, null, null, null);
    Future<@Nullable JsonObject> user =
        token == null
            ? Future.succeededFuture()
            : ask(HttpMethod.GET, "/me", request, token, null, null).map(told -> user(ctx, told));
    Future.all(registration, user)
        .onSuccess(
            _ ->
                answer(
                    ctx.response(),
                    200,
                    new JsonObject()
                        .put("user", user.result())
                        .put(
                            "registration",
                            registration.result().data().getString("registration"))))
        .onFailure(ctx::fail);
  }

  private @Nullable JsonObject user(RoutingContext ctx, Told told) {
    if (told.status() == 401) {
      cookie.clear(ctx.response());
      return null;
    }
    return told.data().getJsonObject("user");
  }

  private Future<Told> ask(
      HttpMethod method,
      String path,
      HttpServerRequest browser,
      @Nullable String token,
      @Nullable String type,
      @Nullable Buffer body) {
    return upstream.ask(method, path, browser, token, type, body).map(SessionRoutes::told);
  }

  private static Told told(HttpResponse<Buffer> response) {
    return new Told(
        response.statusCode(),
        Objects.requireNonNullElseGet(response.body(), Buffer::buffer),
        response.getHeader(HttpHeaders.CONTENT_TYPE.toString()),
        response.getHeader(HttpHeaders.RETRY_AFTER.toString()));
  }

  private static void answer(HttpServerResponse response, int status, JsonObject data) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(new JsonObject().put("data", data).toBuffer());
  }

  /** What the API said. */
  private record Told(int status, Buffer body, @Nullable String type, @Nullable String retryAfter) {
    boolean isFine() {
      return status / 100 == 2;
    }

    JsonObject data() {
      try {
        JsonObject data = isFine() ? body.toJsonObject().getJsonObject("data") : null;
        if (data != null) {
          return data;
        }
      } catch (DecodeException notJson) {
        throw refused();
      }
      throw refused();
    }

    void repeat(HttpServerResponse response) {
      response.setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      if (type != null) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, type);
      }
      if (retryAfter != null) {
        response.putHeader(HttpHeaders.RETRY_AFTER, retryAfter);
      }
      response.end(body);
    }

    private static Refusal refused() {
      return new Refusal(Code.E_UNAVAILABLE, "The server did not answer as it should.");
    }

    @Override
    public String toString() {
      return "Told[" + status + "]";
    }
  }
}
