package lectern;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Arrays;

/**
 * A model server that has its answer ready. It answers every question alike: so many tokens, the
 * first at once, the others evenly spaced, or all in one write when there is no space between. Each
 * token ends with {@link #MARK}.
 */
final class BenchUpstream implements AutoCloseable {
  static final char MARK = '~';

  private static final String WORD = "word" + MARK;

  /** What it says in each wire format it is asked in. */
  enum Tongue {
    CHAT(
        "/v1/chat/completions",
        "",
        data(
            "{\"id\":\"bench\",\"object\":\"chat.completion.chunk\",\"model\":\"bench\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"content\":\""
                + WORD
                + "\"},\"finish_reason\":null}]}"),
        data(
                "{\"id\":\"bench\",\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{},"
                    + "\"finish_reason\":\"stop\"}]}")
            + data(
                "{\"id\":\"bench\",\"choices\":[],\"usage\":{\"prompt_tokens\":16,"
                    + "\"completion_tokens\":2}}")
            + data("[DONE]")),
    RESPONSES(
        "/v1/responses",
        data("{\"type\":\"response.created\",\"response\":{\"id\":\"bench\",\"model\":\"bench\"}}"),
        data(
            "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\""
                + WORD
                + "\"}"),
        data(
            "{\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":16,"
                + "\"output_tokens\":2}}}")),
    MESSAGES(
        "/v1/messages",
        data(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"bench\",\"model\":\"bench\","
                + "\"usage\":{\"input_tokens\":16}}}"),
        data(
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                + "\"text\":\""
                + WORD
                + "\"}}"),
        data(
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                    + "\"usage\":{\"output_tokens\":2}}")
            + data("{\"type\":\"message_stop\"}")),
    CONTENT(
        "/v1/models/bench:streamGenerateContent?alt=sse",
        "",
        data("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + WORD + "\"}]}}]}"),
        data(
            "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{"
                + "\"promptTokenCount\":16,\"candidatesTokenCount\":2}}")),
    INTERACTIONS(
        "/v1/interactions",
        data(
            "{\"event_type\":\"interaction.created\",\"interaction\":{\"id\":\"bench\","
                + "\"model\":\"bench\"}}"),
        data(
            "{\"event_type\":\"step.delta\",\"index\":0,\"delta\":{\"type\":\"text\",\"text\":\""
                + WORD
                + "\"}}"),
        data(
            "{\"event_type\":\"interaction.completed\",\"interaction\":{\"status\":\"completed\","
                + "\"usage\":{\"total_input_tokens\":16,\"total_output_tokens\":2}}}"));

    private final String path;
    private final Buffer start;
    private final Buffer token;
    private final Buffer end;

    Tongue(String path, String start, String token, String end) {
      this.path = path;
      this.start = Buffer.buffer(start);
      this.token = Buffer.buffer(token);
      this.end = Buffer.buffer(end);
    }

    /** Where a program asks in it. */
    String path() {
      return path;
    }

    private static Tongue of(String path) {
      return path.endsWith(":streamGenerateContent")
          ? CONTENT
          : Arrays.stream(values())
              .filter(each -> each.path.equals(path))
              .findFirst()
              .orElseThrow();
    }

    private static String data(String data) {
      return "data: " + data + "\n\n";
    }
  }

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
    Tongue tongue = Tongue.of(request.path());
    request.body().onSuccess(_ -> play(tongue, request.response()));
  }

  private void play(Tongue tongue, HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    if (everyMillis == 0) {
      Buffer all = Buffer.buffer().appendBuffer(tongue.start);
      for (int i = 0; i < tokens; i++) {
        all.appendBuffer(tongue.token);
      }
      response.end(all.appendBuffer(tongue.end));
    } else {
      response.write(Buffer.buffer().appendBuffer(tongue.start).appendBuffer(tongue.token));
      goOn(tongue, response, new int[] {1});
    }
  }

  private void goOn(Tongue tongue, HttpServerResponse response, int[] said) {
    vertx.setPeriodic(
        everyMillis,
        timer -> {
          if (response.closed() || said[0]++ >= tokens) {
            vertx.cancelTimer(timer);
            response.end(tongue.end);
          } else {
            response.write(tongue.token);
          }
        });
  }

  @Override
  public void close() {
    Parts.await(server.close());
  }
}
