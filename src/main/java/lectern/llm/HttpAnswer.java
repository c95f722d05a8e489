package lectern.llm;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One answer coming in over HTTP: asks, watches the clock, reads, and ends with exactly one
 * terminal event or, when cancelled, with none. A redirect is a failure, so a key never leaves its
 * base URL.
 *
 * <p>One timer watches all four waits. It is armed for the nearest and looks at the time again when
 * it fires, so a busy stream costs no timer per packet. While the reader pauses the stream the
 * silence is ours and does not count; the total goes on.
 */
final class HttpAnswer implements Upstream {
  /** Enough of an error body to classify it. */
  private static final int ERROR_BYTES = 64 * 1024;

  /** How long a finished stream may take to close before its connection is given up. */
  private static final long LINGER_MILLIS = 1000;

  private final Vertx vertx;
  private final HttpClient client;
  private final Patience patience;
  private final Call call;
  private final OpenAiChatRequest body;
  private final Consumer<Event> events;
  private final WholeText whole = new WholeText();
  private final SseDecoder decoder = new SseDecoder();
  private final long asked = System.nanoTime();

  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private long lastPacket = asked;
  private long timer;
  private boolean answering;
  private boolean paused;
  private boolean over;
  private boolean ended;

  HttpAnswer(Vertx vertx, HttpClient client, Call call, Consumer<Event> events) {
    this.vertx = vertx;
    this.client = client;
    this.call = call;
    this.patience = call.connection().patience();
    this.body = new OpenAiChatRequest(call);
    this.events = events;
  }

  HttpAnswer begin() {
    watch();
    send();
    return this;
  }

  @Override
  public void pause() {
    paused = true;
    if (response != null) {
      response.pause();
    }
  }

  @Override
  public void resume() {
    paused = false;
    lastPacket = System.nanoTime();
    if (response != null) {
      response.resume();
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      end();
      hangUp();
    }
  }

  // Asking

  private void send() {
    client
        .request(options())
        .compose(this::sendOn)
        .onSuccess(this::answered)
        .onFailure(failure -> fail(kindOf(failure)));
  }

  private RequestOptions options() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(body.uri().toString())
            .setConnectTimeout(patience.connect().toMillis())
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.ACCEPT, "text/event-stream");
    Secret key = call.connection().key();
    return key == null
        ? options
        : options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key.reveal());
  }

  private Future<HttpClientResponse> sendOn(HttpClientRequest opened) {
    request = opened;
    opened.exceptionHandler(told -> {}); // the response or its future says the same
    if (over) {
      hangUp();
      return Future.failedFuture("nobody is waiting any more");
    }
    return opened.send(body.body());
  }

  private static Kind kindOf(Throwable failure) {
    return failure instanceof ConnectTimeoutException || failure instanceof TimeoutException
        ? Kind.TIMEOUT
        : Kind.UNREACHABLE;
  }

  // Reading

  private void answered(HttpClientResponse answer) {
    response = answer;
    lastPacket = System.nanoTime();
    answer.exceptionHandler(failure -> fail(Kind.INTERRUPTED));
    if (paused) {
      answer.pause();
    }
    if (answer.statusCode() == 200 && isStream(answer)) {
      readStream(answer);
    } else {
      readError(answer);
    }
  }

  /**
   * Some servers forget the content type; only what is plainly something else is not read as a
   * stream.
   */
  private static boolean isStream(HttpClientResponse answer) {
    String type =
        String.valueOf(answer.getHeader(HttpHeaders.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
    return !type.startsWith("text/html") && !type.startsWith("application/json");
  }

  private void readStream(HttpClientResponse answer) {
    OpenAiChatStream stream = new OpenAiChatStream(requestId(answer), this::say);
    answer.handler(packet -> decode(packet, stream));
    answer.endHandler(
        end -> {
          ended = true;
          decoder.end().ifPresent(event -> readUnlessOver(stream, event));
          fail(Kind.INTERRUPTED);
        });
  }

  private void decode(Buffer packet, OpenAiChatStream stream) {
    if (over) {
      return;
    }
    lastPacket = System.nanoTime();
    try {
      decoder.feed(packet.getBytes(), event -> readUnlessOver(stream, event));
    } catch (SseDecoder.TooLong e) {
      fail(Kind.GARBLED);
    }
  }

  private void readUnlessOver(OpenAiChatStream stream, SseEvent event) {
    if (!over) {
      stream.read(event);
    }
  }

  private static @Nullable String requestId(HttpClientResponse answer) {
    String id = answer.getHeader("x-request-id");
    return id == null ? answer.getHeader("x-generation-id") : id;
  }

  private void readError(HttpClientResponse answer) {
    Buffer text = Buffer.buffer();
    answer.handler(
        packet -> {
          lastPacket = System.nanoTime();
          text.appendBuffer(packet);
          if (text.length() > ERROR_BYTES) {
            refused(answer, "");
          }
        });
    answer.endHandler(end -> refused(answer, text.toString()));
  }

  private void refused(HttpClientResponse answer, String text) {
    if (over) {
      return;
    }
    ProviderError error = ProviderError.in(text);
    if (body.amend(answer.statusCode(), error)) {
      request = null;
      response = null;
      send();
      return;
    }
    say(new Event.Failed(failure(answer, error)));
  }

  private static LlmFailure failure(HttpClientResponse answer, ProviderError error) {
    boolean silent =
        answer.statusCode() == 200 && error.message().isEmpty() && error.word() == null;
    return new LlmFailure(
        silent ? Kind.GARBLED : OpenAiErrors.kind(answer.statusCode(), error),
        answer.statusCode(),
        error.word(),
        RetryAfter.in(answer.headers(), Instant.now()));
  }

  // Saying

  private void say(Event event) {
    if (over) {
      return;
    }
    switch (event) {
      case Delta delta -> sayWhole(delta);
      case Event.Started _, Usage _ -> events.accept(event);
      case Event.Finished _ -> {
        finish(event);
        linger();
      }
      case Event.Failed _ -> {
        finish(event);
        hangUp();
      }
    }
  }

  private void sayWhole(Delta delta) {
    Delta sound = whole.whole(delta);
    if (!answering) {
      answering = true;
      vertx.cancelTimer(timer);
      watch();
    }
    if (!sound.text().isEmpty()) {
      events.accept(sound);
    }
  }

  private void fail(Kind kind) {
    say(new Event.Failed(LlmFailure.of(kind)));
  }

  private void finish(Event last) {
    end();
    whole.rest().forEach(events);
    events.accept(last);
  }

  private void end() {
    over = true;
    vertx.cancelTimer(timer);
  }

  // Ending

  private void hangUp() {
    if (request != null) {
      request.reset();
    }
  }

  /** Lets the response end by itself, so that its connection can serve again. */
  private void linger() {
    HttpClientResponse rest = response;
    if (rest != null && !ended) {
      long last = vertx.setTimer(LINGER_MILLIS, late -> hangUp());
      rest.exceptionHandler(failure -> vertx.cancelTimer(last));
      rest.handler(null).endHandler(end -> vertx.cancelTimer(last)).resume();
    }
  }

  // Watching the clock

  private void watch() {
    timer = vertx.setTimer(Math.max(1, millisLeft()), fired -> look());
  }

  private void look() {
    if (millisLeft() <= 0) {
      fail(Kind.TIMEOUT);
    } else {
      watch();
    }
  }

  private long millisLeft() {
    long now = System.nanoTime();
    long total = left(patience.total(), asked, now);
    if (paused) {
      return total;
    }
    long silence =
        answering ? left(patience.idle(), lastPacket, now) : left(patience.first(), asked, now);
    return Math.min(total, silence);
  }

  private static long left(Duration wait, long since, long now) {
    return wait.minusNanos(now - since).toMillis();
  }
}
