package lectern.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.telemetry.RequestIds;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;

/** The API, as the gateway calls it. */
final class Upstream {
  /** Every open stream holds one; a node serves some thousands of them. */
  private static final int CONNECTIONS = 8_000;

  private static final int WAITING = 1_000;
  private static final int CONNECT_MILLIS = 2_000;

  /**
   * Longer than any answer that is waited for in one piece: twenty minutes is the most patience a
   * model is given. Streams say something every 15 s.
   */
  static final int SILENT_SECONDS = 1_500;

  private final HttpClient client;
  private final WebClient whole;
  private final URI address;

  Upstream(Vertx vertx, URI address) {
    this.address = address;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(SILENT_SECONDS)
                .setSsl("https".equals(address.getScheme()))
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    this.whole = WebClient.wrap(client, new WebClientOptions().setFollowRedirects(false));
  }

  /**
   * A request to the API on behalf of this browser, for nobody when there is no token, whose bodies
   * are streamed. Fails with E_UNAVAILABLE when the API cannot be reached.
   */
  Future<HttpClientRequest> request(
      HttpMethod method, String uri, HttpServerRequest browser, @Nullable String token) {
    return client
        .request(options(method, uri, browser, token))
        .recover(_ -> Future.failedFuture(unreachable()));
  }

  /** The same for a short question, whose answer comes in one piece. */
  Future<HttpResponse<Buffer>> ask(
      HttpMethod method,
      String uri,
      HttpServerRequest browser,
      @Nullable String token,
      @Nullable String type,
      @Nullable Buffer body) {
    HttpRequest<Buffer> request = whole.request(method, options(method, uri, browser, token));
    if (type != null) {
      request.putHeader(HttpHeaders.CONTENT_TYPE.toString(), type);
    }
    Future<HttpResponse<Buffer>> answer = body == null ? request.send() : request.sendBuffer(body);
    return answer.recover(_ -> Future.failedFuture(unreachable()));
  }

  private RequestOptions options(
      HttpMethod method, String uri, HttpServerRequest browser, @Nullable String token) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(address.getHost())
            .setPort(port())
            .setSsl("https".equals(address.getScheme()))
            .setURI(uri)
            .putHeader("x-forwarded-for", browser.remoteAddress().hostAddress());
    String id = Scope.current().requestId();
    if (id != null) {
      options.putHeader(RequestIds.HEADER, id);
    }
    if (token != null) {
      options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
    }
    return options;
  }

  Future<Void> close() {
    return client.close();
  }

  static Refusal unreachable() {
    return new Refusal(
            Code.E_UNAVAILABLE, "The server is starting or stopping. Try again in a moment.")
        .with("retry_after_seconds", 2);
  }

  private int port() {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equals(address.getScheme()) ? 443 : 80;
  }
}
