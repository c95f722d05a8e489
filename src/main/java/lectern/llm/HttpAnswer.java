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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One answer coming in over HTTP: asks, watches the clock, reads, and ends with exactly one
 * terminal event or, when cancelled, with none. What is asked and how the answer is read is the
 * affair of an {@link Adapter}; an answer that comes in parts is several requests and one answer. A
 * redirect is a failure, so a key never leaves its base URL.
 *
 * <p>One timer watches all four waits. It is armed for the nearest and looks at the time again when
 * it fires, so a busy stream costs no timer per packet. While the reader pauses the stream the
 * silence is ours and does not count; the total goes on.
 */
final class HttpAnswer implements Upstream {
  /** Enough of an error body to classify it. */
  private static final int ERROR_BYTES = 64 * 1024;

  /** How long a finished stream may take to close before its connection is given up. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** Where providers and proxies name the call: OpenAI, Anthropic, OpenRouter, LiteLLM. */
  private static final List<String> REQUEST_IDS =
      List.of("x-request-id", "request-id", "x-generation-id", "x-litellm-call-id");

  private final Vertx vertx;
  private final HttpClient client;
  private final Refusals refusals;
  private final Patience patience;
  private final Call call;
  private final Adapter adapter;
  private final Question question;
  private final Consumer<Event> events;
  private final WholeText whole = new WholeText();
  private final long asked = System.nanoTime();

  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private @Nullable AnswerStream stream;
  private SseDecoder decoder = new SseDecoder();
  private long lastPacket = asked;
  private long timer;
  private boolean started;
  private boolean answering;
  private boolean worded;
  private boolean awaitingEnd;
  private boolean paused;
  private boolean over;
  private boolean ended;

  HttpAnswer(Vertx vertx, HttpClient client, Refusals refusals, Call call, Consumer<Event> events) {
    this.vertx = vertx;
    this.client = client;
    this.refusals = refusals;
    this.call = call;
    this.patience = call.connection().patience();
    this.adapter = Adapter.of(call.dialect());
    this.question = adapter.question(call);
    question.leaveOut(refusals.of(call));
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
    return call.connection()
        .request(HttpMethod.POST, question.uri())
        .setConnectTimeout(patience.connect().toMillis())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.ACCEPT, "text/event-stream");
  }

  private Future<HttpClientResponse> sendOn(HttpClientRequest opened) {
    request = opened;
    opened.exceptionHandler(told -> {}); // the response or its future says the same
    if (over) {
      hangUp();
      return Future.failedFuture("nobody is waiting any more");
    }
    return opened.send(question.body());
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
    answer.exceptionHandler(failure -> endOfBytes(answer));
    if (paused) {
      answer.pause();
    }
    if (answer.statusCode() == 200 && isStream(answer)) {
      if (question.amended() != null) {
        refusals.learn(call, question.amended());
      }
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
    decoder = new SseDecoder();
    awaitingEnd = false;
    AnswerStream reading = stream == null ? adapter.stream(requestId(answer), this::say) : stream;
    stream = reading;
    answer.handler(packet -> decode(packet, reading));
    answer.endHandler(
        end -> {
          ended = true;
          decoder.end().ifPresent(event -> readUnlessOver(reading, event));
          endOfBytes(answer);
        });
  }

  private void decode(Buffer packet, AnswerStream reading) {
    if (over) {
      return;
    }
    lastPacket = System.nanoTime();
    try {
      decoder.feed(packet.getBytes(), event -> readUnlessOver(reading, event));
    } catch (SseDecoder.TooLong e) {
      fail(Kind.GARBLED);
    }
    if (!over && !awaitingEnd && reading.whole()) {
      awaitingEnd = true;
      vertx.cancelTimer(timer);
      watch();
    }
  }

  private void readUnlessOver(AnswerStream reading, SseEvent event) {
    if (!over) {
      reading.read(event);
    }
  }

  /** The answer is whole, goes on with another request, or has been cut. */
  private void endOfBytes(HttpClientResponse of) {
    if (over || of != response) {
      return;
    }
    if (stream == null) {
      fail(Kind.INTERRUPTED);
    } else if (stream.goesOn(question)) {
      sendAgain();
    } else {
      stream.end();
    }
  }

  private void sendAgain() {
    awaitingEnd = false;
    ended = false;
    lastPacket = System.nanoTime();
    request = null;
    response = null;
    vertx.cancelTimer(timer);
    watch();
    send();
  }

  private static @Nullable String requestId(HttpClientResponse answer) {
    return REQUEST_IDS.stream()
        .map(header -> JsonStream.name(answer.getHeader(header)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
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
    if (question.amend(answer.statusCode(), error)) {
      sendAgain();
      return;
    }
    String id = requestId(answer);
    if (!started && (id != null || error.requestId() != null)) {
      say(new Event.Started(id == null ? error.requestId() : id, null));
    }
    say(new Event.Failed(failure(answer, error)));
  }

  private static LlmFailure failure(HttpClientResponse answer, ProviderError error) {
    boolean silent =
        answer.statusCode() == 200 && error.message().isEmpty() && error.word() == null;
    return new LlmFailure(
        silent ? Kind.GARBLED : ProviderErrors.kind(answer.statusCode(), error),
        answer.statusCode(),
        error.word(),
        RetryAfter.longer(RetryAfter.in(answer.headers(), Instant.now()), error.retryDelay()),
        mayRetry(answer.getHeader("x-should-retry")));
  }

  /** Anthropic and OpenAI say so at times; their own client libraries heed it. */
  private static @Nullable Boolean mayRetry(@Nullable String said) {
    return switch (said == null ? "" : said.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  // Saying

  private void say(Event event) {
    if (over) {
      return;
    }
    switch (event) {
      case Delta delta -> sayWhole(delta);
      case Event.Started by -> {
        started = true;
        events.accept(new Event.Started(discreet(by.requestId()), discreet(by.model())));
      }
      case Usage _ -> events.accept(event);
      case Event.Finished finished -> sayFinished(finished);
      case Event.Failed failed -> {
        LlmFailure failure = failed.failure();
        finish(new Event.Failed(failure.with(discreet(failure.reason()))));
        hangUp();
      }
    }
  }

  /** A name the other side gave, which is kept and logged: none that repeats the key. */
  private @Nullable String discreet(@Nullable String name) {
    Secret key = call.connection().key();
    return name == null || key == null || !key.isIn(name) ? name : null;
  }

  /** An end without a word before it is no answer. */
  private void sayFinished(Event.Finished finished) {
    if (worded) {
      finish(finished);
    } else {
      finish(new Event.Failed(LlmFailure.of(wordless(finished.reason()))));
    }
    linger();
  }

  private static Kind wordless(FinishReason reason) {
    return switch (reason) {
      case LENGTH -> Kind.NO_ROOM;
      case CONTENT_FILTER -> Kind.REFUSED;
      case STOP, CANCELLED, ERROR -> Kind.EMPTY;
    };
  }

  private void sayWhole(Delta delta) {
    Delta sound = whole.whole(delta);
    if (!answering) {
      answering = true;
      vertx.cancelTimer(timer);
      watch();
    }
    worded |= !(delta instanceof Delta.Reasoning);
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
      long last = vertx.setTimer(LINGER.toMillis(), late -> hangUp());
      rest.exceptionHandler(failure -> vertx.cancelTimer(last));
      rest.handler(null).endHandler(end -> vertx.cancelTimer(last)).resume();
    }
  }

  // Watching the clock

  private void watch() {
    timer = vertx.setTimer(Math.max(1, millisLeft()), fired -> look());
  }

  private void look() {
    if (millisLeft() > 0) {
      watch();
    } else if (awaitingEnd && request != null && response != null) {
      HttpClientRequest silent = request;
      endOfBytes(response);
      silent.reset();
    } else {
      fail(Kind.TIMEOUT);
    }
  }

  private long millisLeft() {
    long now = System.nanoTime();
    long total = left(patience.total(), asked, now);
    if (paused) {
      return total;
    }
    if (awaitingEnd) {
      return Math.min(total, left(LINGER, lastPacket, now));
    }
    long silence =
        answering ? left(patience.idle(), lastPacket, now) : left(patience.first(), asked, now);
    return Math.min(total, silence);
  }

  private static long left(Duration wait, long since, long now) {
    return wait.minusNanos(now - since).toMillis();
  }
}
