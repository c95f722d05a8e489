package lectern.gateway;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/**} as the API's own paths, with the token from the cookie and only the headers named
 * here. Bodies flow as they come, each side as fast as the other takes them; whoever goes away
 * first ends the other half.
 */
final class PassThrough {
  private static final String PREFIX = "/api";

  static final List<String> REQUEST_HEADERS =
      List.of(
          "content-type",
          "accept",
          "range",
          "if-range",
          "if-none-match",
          "if-modified-since",
          "idempotency-key",
          "last-event-id",
          "prefer");

  static final List<String> RESPONSE_HEADERS =
      List.of(
          "x-request-id",
          "content-type",
          "content-length",
          "cache-control",
          "etag",
          "vary",
          "content-disposition",
          "location",
          "retry-after",
          "content-range",
          "accept-ranges",
          "content-location");

  /** What may wait for a slow browser, beyond what the kernel holds. */
  private static final int WAITING_BYTES = 64 << 10;

  private final Upstream upstream;
  private final SessionCookie cookie;
  private final long bodyBytes;

  PassThrough(Upstream upstream, SessionCookie cookie, long bodyBytes) {
    this.upstream = upstream;
    this.cookie = cookie;
    this.bodyBytes = bodyBytes;
  }

  void pass(RoutingContext ctx) {
    HttpServerRequest browser = ctx.request();
    String token = cookie.token(browser);
    if (token == null) {
      ctx.fail(new Refusal(Code.E_UNAUTHENTICATED, "Sign in first."));
      return;
    }
    if (length(browser) > bodyBytes) {
      ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
      ctx.fail(new Refusal(Code.E_REQUEST_TOO_LARGE, "That is too large for this server."));
      return;
    }
    browser.pause();
    upstream
        .request(browser.method(), uri(ctx), browser, token)
        .compose(request -> exchange(ctx, request))
        .onFailure(failure -> fail(ctx, failure));
  }

  private Future<Void> exchange(RoutingContext ctx, HttpClientRequest request) {
    HttpServerRequest browser = ctx.request();
    HttpServerResponse response = ctx.response();
    copy(REQUEST_HEADERS, browser.headers(), request.headers());
    request.exceptionHandler(_ -> {}); // the future of the response fails, too
    response.closeHandler(_ -> request.reset());
    Future<HttpClientResponse> answer = request.response();
    send(browser, request);
    return answer
        .recover(_ -> Future.failedFuture(Upstream.unreachable()))
        .compose(from -> answer(browser, from, response));
  }

  /** When the API answers before it has read everything, the rest of the body goes nowhere. */
  private static void send(HttpServerRequest browser, HttpClientRequest request) {
    if (hasNoBody(browser)) {
      request.end();
      browser.resume();
      return;
    }
    String length = browser.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      request.setChunked(true);
    } else {
      request.putHeader(HttpHeaders.CONTENT_LENGTH, length);
    }
    browser
        .pipe()
        .endOnFailure(false)
        .to(request)
        .onFailure(_ -> browser.handler(rest -> {}).resume());
  }

  private static Future<Void> answer(
      HttpServerRequest browser, HttpClientResponse from, HttpServerResponse to) {
    to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
    copy(RESPONSE_HEADERS, from.headers(), to.headers());
    if (isEventStream(from)) {
      to.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
      to.putHeader("x-accel-buffering", "no");
    }
    to.setWriteQueueMaxSize(WAITING_BYTES);
    if (browser.method() == HttpMethod.HEAD
        || from.statusCode() == 204
        || from.statusCode() == 304) {
      return to.end();
    }
    if (from.getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
      to.setChunked(true);
      to.writeHead();
    }
    return from.pipe().endOnFailure(false).to(to);
  }

  /** A half answer must not look like a whole one: its connection is cut. */
  private static void fail(RoutingContext ctx, Throwable failure) {
    ctx.request().resume();
    if (ctx.response().headWritten()) {
      ctx.response().reset();
    } else if (!ctx.response().closed()) {
      ctx.fail(failure);
    }
  }

  /**
   * The path as the router understood it, so that what was refused there cannot be spelled
   * otherwise.
   */
  private static String uri(RoutingContext ctx) {
    String path = ctx.normalizedPath().substring(PREFIX.length());
    String query = ctx.request().query();
    return query == null ? path : path + "?" + query;
  }

  private static void copy(List<String> names, MultiMap from, MultiMap to) {
    for (String name : names) {
      String value = from.get(name);
      if (value != null) {
        to.set(name, value);
      }
    }
  }

  private static boolean hasNoBody(HttpServerRequest browser) {
    HttpMethod method = browser.method();
    boolean announced =
        browser.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || length(browser) > 0;
    return method == HttpMethod.GET || method == HttpMethod.HEAD || !announced;
  }

  private static long length(HttpServerRequest browser) {
    @Nullable String length = browser.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private static boolean isEventStream(HttpClientResponse from) {
    String type = from.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }
}
