package lectern.llm;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.function.Consumer;

/** The models that are asked over HTTP, each in the dialect of its server. */
final class HttpProvider implements Provider {
  /**
   * Answers that may grow at once towards one server from one event loop. Sends are limited per
   * reader long before; this only keeps a stampede from opening sockets without end.
   */
  private static final int CONNECTIONS = 1024;

  /**
   * Less than the five seconds after which common servers close a connection that is not in use.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  /** A server that sends larger headers is not one we can follow. */
  private static final int HEADER_BYTES = 16 * 1024;

  /**
   * What the kernel may hold of one stream while we do not read. Left to itself it grows to many
   * megabytes for each, and a pause would be felt by nobody.
   */
  private static final int KERNEL_BYTES = 256 * 1024;

  private final Vertx vertx;
  private final HttpClient client;
  private final Refusals refusals = new Refusals();

  /** To be made on the event loop it serves; it closes with the verticle that made it. */
  HttpProvider(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxHeaderSize(HEADER_BYTES)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxRedirects(0)
                .setReceiveBufferSize(KERNEL_BYTES)
                .setName("llm"),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(CONNECTIONS));
  }

  @Override
  public Upstream ask(Call call, Consumer<Event> events) {
    return new HttpAnswer(vertx, client, refusals, call, events).begin();
  }
}
