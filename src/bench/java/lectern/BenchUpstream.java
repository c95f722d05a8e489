package lectern;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;

/**
 * A model server that has its answer ready. It answers every question alike: so many tokens, the
 * first at once, the others evenly spaced, or all in one write when there is no space between. Each
 * token ends with {@link #MARK}.
 */
final class BenchUpstream implements AutoCloseable {
  static final char MARK = '~';

  private static final String WORD = "word" + MARK;
  private static final Buffer TOKEN =
      data(
          "{\"id\":\"bench\",\"object\":\"chat.completion.chunk\",\"model\":\"bench\",\"choices\":"
              + "[{\"index\":0,\"delta\":{\"content\":\""
              + WORD
              + "\"},\"finish_reason\":null}]}");
  private static final Buffer END =
      data("{\"id\":\"bench\",\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{},"
              + "\"finish_reason\":\"stop\"}]}")
          .appendBuffer(
              data(
                  "{\"id\":\"bench\",\"choices\":[],\"usage\":{\"prompt_tokens\":16,"
                      + "\"completion_tokens\":2}}"))
          .appendBuffer(data("[DONE]"));

  private final Vertx vertx;
  private final HttpServer server;
  private final int tokens;
  private final long everyMillis;

  private BenchUpstream(Vertx vertx, int tokens, long everyMillis) {
    this.vertx = vertx;
    this.tokens = tokens;
    this.everyMillis = everyMillis;
    this.server = vertx.createHttpServer().requestHandler(this::answer);
  }

  /** The whole answer, a single token, in one write. */
  static BenchUpstream instant(Vertx vertx) {
    return new BenchUpstream(vertx, 1, 0).listening();
  }

  static BenchUpstream paced(Vertx vertx, int tokens, long everyMillis) {
    return new BenchUpstream(vertx, tokens, everyMillis).listening();
  }

  private BenchUpstream listening() {
    Parts.await(server.listen(0, "127.0.0.1"));
    return this;
  }

  int port() {
    return server.actualPort();
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  /** What the answer will say. */
  String text() {
    return WORD.repeat(tokens);
  }

  private void answer(HttpServerRequest request) {
    request.body().onSuccess(_ -> play(request.response()));
  }

  private void play(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    if (everyMillis == 0) {
      Buffer all = Buffer.buffer();
      for (int i = 0; i < tokens; i++) {
        all.appendBuffer(TOKEN);
      }
      response.end(all.appendBuffer(END));
    } else {
      response.write(TOKEN);
      goOn(response, new int[] {1});
    }
  }

  private void goOn(HttpServerResponse response, int[] said) {
    vertx.setPeriodic(
        everyMillis,
        timer -> {
          if (response.closed() || said[0]++ >= tokens) {
            vertx.cancelTimer(timer);
            response.end(END);
          } else {
            response.write(TOKEN);
          }
        });
  }

  private static Buffer data(String data) {
    return Buffer.buffer("data: " + data + "\n\n");
  }

  @Override
  public void close() {
    Parts.await(server.close());
  }
}
