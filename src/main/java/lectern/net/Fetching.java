package lectern.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import lectern.net.FetchFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One fetch on its way, on one event loop: looks up, connects, follows redirects, reads. It ends
 * once, and whatever is open then is closed.
 */
final class Fetching {
  private static final String AGENT = "Lectern/0.1 (reads pages for its readers)";
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Addresses of one name that are tried when nobody answers at the first. */
  private static final int TRIED = 4;

  private final Vertx vertx;
  private final HttpClient client;
  private final GuardedClient pins;
  private final Fetch fetch;
  private final Fetch.Limits limits;
  private final Promise<Fetched> done = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private @Nullable HttpClientRequest request;
  private int redirects;

  Fetching(Vertx vertx, HttpClient client, GuardedClient pins, Fetch fetch) {
    this.vertx = vertx;
    this.client = client;
    this.pins = pins;
    this.fetch = fetch;
    this.limits = fetch.limits();
  }

  Future<Fetched> begin() {
    long timer = vertx.setTimer(limits.total().toMillis(), _ -> fail(tooSlow()));
    done.future().onComplete(_ -> vertx.cancelTimer(timer));
    go(fetch.address());
    return done.future();
  }

  private void go(WebAddress at) {
    pins.pin(at)
        .compose(addresses -> connect(at, addresses, 0))
        .compose(this::send)
        .onSuccess(response -> answered(at, response))
        .onFailure(this::fail);
  }

  private Future<HttpClientRequest> connect(WebAddress at, List<InetAddress> addresses, int next) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(
                SocketAddress.inetSocketAddress(
                    new InetSocketAddress(addresses.get(next), at.port())))
            .setHost(at.host())
            .setPort(at.port())
            .setSsl(at.isSecure())
            .setURI(at.target())
            .setIdleTimeout(limits.silence().toMillis())
            .putHeader(HttpHeaders.USER_AGENT, AGENT)
            .putHeader(HttpHeaders.ACCEPT, fetch.accept())
            .putHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
    boolean more = next + 1 < Math.min(TRIED, addresses.size());
    return client
        .request(options)
        .recover(
            failure ->
                more && failure instanceof ConnectException && !done.future().isComplete()
                    ? connect(at, addresses, next + 1)
                    : Future.failedFuture(failure));
  }

  private Future<HttpClientResponse> send(HttpClientRequest opened) {
    request = opened;
    opened.exceptionHandler(this::interrupted);
    if (done.future().isComplete()) {
      opened.reset();
      return Future.failedFuture(tooSlow());
    }
    return opened.send();
  }

  private void answered(WebAddress at, HttpClientResponse response) {
    if (done.future().isComplete()) {
      return;
    }
    response.exceptionHandler(this::interrupted);
    String location = response.getHeader(HttpHeaders.LOCATION);
    if (REDIRECTS.contains(response.statusCode()) && location != null) {
      follow(at, location);
    } else if (response.statusCode() == 200) {
      read(at, response);
    } else {
      hangUp();
      end(new Fetched(at, response.statusCode(), null, new byte[0]));
    }
  }

  private void follow(WebAddress at, String location) {
    hangUp();
    if (++redirects > limits.redirects()) {
      fail(new FetchFailure(Kind.REDIRECTS, "This address leads from one to the next and on."));
      return;
    }
    try {
      go(at.resolve(location));
    } catch (FetchFailure wrong) {
      fail(new FetchFailure(Kind.BROKEN, "This address leads on to something that is none."));
    }
  }

  private void read(WebAddress at, HttpClientResponse response) {
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    if (!fetch.wanted().test(Fetched.type(type))) {
      fail(new FetchFailure(Kind.UNWANTED, "There is something else at this address."));
      return;
    }
    if (declared(response) > limits.bytes()) {
      fail(Unpacking.tooLarge());
      return;
    }
    response.handler(this::take);
    response.endHandler(_ -> finish(at, response, type));
  }

  private static long declared(HttpClientResponse response) {
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null || !length.matches("[0-9]{1,18}") ? 0 : Long.parseLong(length);
  }

  private void take(Buffer packet) {
    if (body.length() + packet.length() > limits.bytes()) {
      fail(Unpacking.tooLarge());
    } else if (!done.future().isComplete()) {
      body.appendBuffer(packet);
    }
  }

  private void finish(WebAddress at, HttpClientResponse response, @Nullable String type) {
    request = null;
    String packing = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (done.future().isComplete()) {
      return;
    }
    vertx
        .executeBlocking(
            () -> Unpacking.of(body.getBytes(), packing, Math.toIntExact(limits.bytes())), false)
        .onSuccess(bytes -> end(new Fetched(at, 200, type, bytes)))
        .onFailure(this::fail);
  }

  private void end(Fetched fetched) {
    done.tryComplete(fetched);
  }

  private void fail(Throwable failure) {
    if (done.tryFail(Failures.told(failure))) {
      hangUp();
    }
  }

  /** What is heard of a request that was hung up on, or read to its end, is nothing new. */
  private void interrupted(Throwable failure) {
    if (request != null) {
      fail(failure);
    }
  }

  private void hangUp() {
    HttpClientRequest open = request;
    request = null;
    if (open != null) {
      open.reset();
    }
  }

  private static FetchFailure tooSlow() {
    return new FetchFailure(Kind.TIMEOUT, "The server at this address took too long.");
  }
}
