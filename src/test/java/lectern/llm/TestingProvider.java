package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model server on a port of its own that plays scripts, one for each request in the order they
 * were given, then {@code Script.answering("Hello")} for ever. It remembers every request. A second
 * server at the same base URL is not needed for a second model: it plays whatever is asked.
 */
public final class TestingProvider implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final HttpServer server;
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Request> unseen = new LinkedBlockingQueue<>();
  private volatile Function<Request, Script> otherwise = request -> Script.answering("Hello");

  private TestingProvider(Vertx vertx) {
    this.server = vertx.createHttpServer().requestHandler(this::received);
  }

  /** A running server on loopback. */
  public static TestingProvider start(Vertx vertx) {
    TestingProvider provider = new TestingProvider(vertx);
    Awaited.of(provider.server.listen(0, "127.0.0.1"));
    return provider;
  }

  /** Plays these for the next requests. */
  public TestingProvider plays(Script... next) {
    scripts.addAll(List.of(next));
    return this;
  }

  /** Plays by what is asked, where no script is waiting. */
  public TestingProvider playsBy(Function<Request, Script> question) {
    otherwise = question;
    return this;
  }

  /** What a client takes as its base URL. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  public int port() {
    return server.actualPort();
  }

  /** Every request so far, bodies complete. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The next request nobody has asked for yet; waits for it. */
  public Request nextRequest() {
    try {
      Request next = unseen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no request came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    Awaited.of(server.close());
  }

  private void received(HttpServerRequest http) {
    Promise<@Nullable Void> gone = Promise.promise();
    http.response().closeHandler(closed -> gone.tryComplete());
    http.body().onSuccess(body -> play(http, new Request(http, body.toString(), gone.future())));
  }

  private void play(HttpServerRequest http, Request request) {
    Script next = scripts.poll();
    requests.add(request);
    unseen.add(request);
    Script script = next == null ? otherwise.apply(request) : next;
    script.play(http.response(), request);
  }

  /** What a client sent. */
  public static final class Request {
    private final String method;
    private final String path;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String body;
    private final Future<@Nullable Void> gone;
    private final Promise<@Nullable Void> heldUp = Promise.promise();
    private final Promise<@Nullable Void> played = Promise.promise();
    private final HttpConnection connection;

    Request(HttpServerRequest http, String body, Future<@Nullable Void> gone) {
      this.method = http.method().name();
      this.path = http.path();
      http.headers().forEach(headers::put);
      this.body = body;
      this.gone = gone;
      this.connection = http.connection();
    }

    public String method() {
      return method;
    }

    public String path() {
      return path;
    }

    /** A header's value, or null. */
    public @Nullable String header(String name) {
      return headers.get(name);
    }

    public String body() {
      return body;
    }

    public JsonObject json() {
      return new JsonObject(body);
    }

    /** Waits until the connection of this request is closed before its answer was whole. */
    public void awaitGone() {
      Awaited.of(gone);
    }

    /** Waits until the client no longer reads as fast as this server writes. */
    public void awaitHeldUp() {
      Awaited.of(heldUp.future());
    }

    Future<Void> cut() {
      return connection.close();
    }

    /** Waits until the script has been played to its end. */
    public void awaitPlayed() {
      Awaited.of(played.future());
    }

    public boolean played() {
      return played.future().isComplete();
    }

    void heldUp() {
      heldUp.tryComplete();
    }
  }

  /** One answer, step by step. Each method returns a new script with one more step. */
  public static final class Script {
    private final List<Step> steps;

    private Script(List<Step> steps) {
      this.steps = steps;
    }

    /** A whole Chat Completions answer in these pieces, with usage 16 in, 9 out. */
    public static Script answering(String... pieces) {
      Script script = stream();
      for (String piece : pieces) {
        script = script.text(piece);
      }
      return script.finish("stop").usage(16, 9).done();
    }

    /** An event stream, opened with status 200. */
    public static Script stream() {
      return status(200, "text/event-stream");
    }

    /** An answer of any kind. */
    public static Script status(int status, String contentType) {
      return new Script(
          List.of(
              (response, request) -> {
                response.setStatusCode(status).putHeader("content-type", contentType);
                response.setChunked(true);
                return Future.succeededFuture();
              }));
    }

    /** A refusal in OpenAI's shape. */
    public static Script refusing(
        int status, @Nullable String type, @Nullable String code, String message) {
      JsonObject error =
          new JsonObject()
              .put("message", message)
              .put("type", type)
              .put("code", code)
              .putNull("param");
      return status(status, "application/json")
          .bytes(new JsonObject().put("error", error).encode());
    }

    /** A header of the answer; it may be named after the body was. */
    public Script header(String name, String value) {
      List<Step> longer = new ArrayList<>(steps);
      longer.addFirst(
          (response, request) -> {
            response.putHeader(name, value);
            return Future.succeededFuture();
          });
      return new Script(List.copyOf(longer));
    }

    /** Exactly these bytes, flushed. */
    public Script bytes(byte[] bytes) {
      return then((response, request) -> response.write(Buffer.buffer(bytes)));
    }

    public Script bytes(String text) {
      return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text a byte at a time, each in a packet of its own. */
    public Script trickle(String text) {
      Script script = this;
      for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
        script = script.bytes(new byte[] {each});
      }
      return script;
    }

    /** One event with this data. */
    public Script data(String data) {
      return bytes("data: " + data + "\n\n");
    }

    /** A piece of the answer. */
    public Script text(String text) {
      return delta(new JsonObject().put("content", text), null);
    }

    public Script reasoning(String text) {
      return delta(new JsonObject().put("reasoning_content", text), null);
    }

    /** The same piece over and over, as fast as the client reads. */
    public Script flood(int times, String text) {
      Buffer piece =
          Buffer.buffer("data: " + chunk(new JsonObject().put("content", text), null) + "\n\n");
      return then((response, request) -> pump(times, piece, response, request));
    }

    private static Future<Void> pump(
        int times, Buffer piece, HttpServerResponse response, Request request) {
      for (int left = times; left > 0; left--) {
        if (response.writeQueueFull()) {
          request.heldUp();
          int rest = left;
          Promise<Void> drained = Promise.promise();
          response.drainHandler(drain -> drained.tryComplete());
          return drained.future().compose(drain -> pump(rest, piece, response, request));
        }
        response.write(piece);
      }
      return Future.succeededFuture();
    }

    public Script finish(String reason) {
      return delta(new JsonObject(), reason);
    }

    public Script usage(int input, int output) {
      JsonObject usage =
          new JsonObject().put("prompt_tokens", input).put("completion_tokens", output);
      return data(
          new JsonObject()
              .put("id", "chatcmpl-test")
              .put("choices", List.of())
              .put("usage", usage)
              .encode());
    }

    public Script done() {
      return data("[DONE]");
    }

    /** Sends what there is, headers included, and waits for the signal. */
    public Script pauseUntil(Future<?> signal) {
      return bytes(": waiting\n\n").then((response, request) -> signal.mapEmpty());
    }

    /** Says no more and keeps the connection open. */
    public Script stall() {
      return bytes(": stalling\n\n").then((response, request) -> Promise.<Void>promise().future());
    }

    /** Says nothing at all, not even a status, and keeps the connection open. */
    public static Script silence() {
      return nothing().then((response, request) -> Promise.<Void>promise().future());
    }

    /** No status and no byte; followed by {@link #cut}, a server that hangs up on the question. */
    public static Script nothing() {
      return new Script(List.of());
    }

    /** Closes the socket in the middle of the answer. */
    public Script cut() {
      return then(
          (response, request) -> request.cut().compose(closed -> Promise.<Void>promise().future()));
    }

    private Script delta(JsonObject delta, @Nullable String finish) {
      return data(chunk(delta, finish));
    }

    private static String chunk(JsonObject delta, @Nullable String finish) {
      JsonObject choice =
          new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
      return new JsonObject()
          .put("id", "chatcmpl-test")
          .put("object", "chat.completion.chunk")
          .put("model", "gpt-test-2026")
          .put("choices", List.of(choice))
          .putNull("usage")
          .encode();
    }

    private Script then(Step step) {
      List<Step> longer = new ArrayList<>(steps);
      longer.add(step);
      return new Script(List.copyOf(longer));
    }

    void play(HttpServerResponse response, Request request) {
      play(0, response, request);
    }

    private void play(int index, HttpServerResponse response, Request request) {
      if (response.closed()) {
        return;
      }
      if (index == steps.size()) {
        response.end().onSuccess(ended -> request.played.tryComplete());
        return;
      }
      steps
          .get(index)
          .take(response, request)
          .onSuccess(done -> play(index + 1, response, request));
    }

    /** Something the server does, done when the future is. */
    private interface Step {
      Future<Void> take(HttpServerResponse response, Request request);
    }
  }
}
