package lectern.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.net.InetAddress;
import java.util.List;

/**
 * Fetches what people name, and nothing the {@link Guard} would not have: a name is looked up once,
 * every address it has is checked, and the connection goes to a checked address, whatever the name
 * leads to a moment later. TLS is still verified against the name. A redirect is a new address and
 * goes the same way.
 *
 * <p>It sends no cookies and no keys. It is safe for any thread.
 */
public final class GuardedClient {
  /** A server that sends larger headers is not one we can follow. */
  private static final int HEADER_BYTES = 16 * 1024;

  private static final int CONNECT_MILLIS = 10_000;

  /** Connections to one host, and fetches that wait for one. */
  private static final int PER_HOST = 8;

  private static final int WAITING = 256;

  private final Vertx vertx;
  private final Guard guard;
  private final Resolver resolver;
  private final HttpClient client;

  public GuardedClient(Vertx vertx, Guard guard) {
    this(vertx, guard, Resolver.ofSystem(vertx), new HttpClientOptions());
  }

  GuardedClient(Vertx vertx, Guard guard, Resolver resolver, HttpClientOptions options) {
    this.vertx = vertx;
    this.guard = guard;
    this.resolver = resolver;
    this.client =
        vertx.createHttpClient(
            options
                .setMaxHeaderSize(HEADER_BYTES)
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAliveTimeout(4)
                .setMaxRedirects(0)
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setName("guarded"),
            new PoolOptions().setHttp1MaxSize(PER_HOST).setMaxWaitQueueSize(WAITING));
  }

  /** Fetches, or fails with a {@link FetchFailure}. Statuses of errors are no failure. */
  public Future<Fetched> get(Fetch fetch) {
    Promise<Fetched> fetched = Promise.promise();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(_ -> new Fetching(vertx, client, this, fetch).begin().onComplete(fetched));
    return fetched.future();
  }

  /**
   * The network addresses of a web address, all of them allowed; for a connection that is then made
   * to one of them.
   */
  public Future<List<InetAddress>> pin(WebAddress address) {
    try {
      guard.check(address);
    } catch (FetchFailure blocked) {
      return Future.failedFuture(blocked);
    }
    InetAddress literal = address.literal();
    return literal != null
        ? Future.succeededFuture(List.of(literal))
        : resolver.resolve(address.host()).transform(this::checked);
  }

  private Future<List<InetAddress>> checked(io.vertx.core.AsyncResult<List<InetAddress>> found) {
    if (found.failed() || found.result().isEmpty()) {
      return Future.failedFuture(
          new FetchFailure(FetchFailure.Kind.UNREACHABLE, "There is no server of that name."));
    }
    return found.result().stream().allMatch(guard::allows)
        ? Future.succeededFuture(found.result())
        : Future.failedFuture(FetchFailure.blocked());
  }
}
