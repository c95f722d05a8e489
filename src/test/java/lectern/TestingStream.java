package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An event stream being read: its events in order, and the end. */
final class TestingStream {
  private static final long PATIENCE_SECONDS = 10;
  private static final Event CLOSED = new Event(null, "closed", new JsonObject());

  private final HttpClientResponse response;
  private final BlockingQueue<Event> coming = new LinkedBlockingQueue<>();
  private final List<Event> events = new ArrayList<>();
  private Buffer unread = Buffer.buffer();

  TestingStream(
      TestingServer server,
      String token,
      String method,
      String path,
      JsonObject body,
      Map<String, String> headers) {
    HttpClient http = server.vertx().createHttpClient();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(method))
            .setHost("127.0.0.1")
            .setPort(server.apiPort())
            .setURI(path)
            .putHeader("Authorization", "Bearer " + token);
    if (body != null) {
      options.putHeader("Content-Type", "application/json");
    }
    headers.forEach(options::putHeader);
    response =
        await(
            http.request(options)
                .compose(
                    request -> {
                      request.response().onSuccess(this::read);
                      return body == null ? request.send() : request.send(body.toBuffer());
                    }));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.getHeader("Content-Type")).startsWith("text/event-stream");
  }

  private void read(HttpClientResponse opened) {
    opened.handler(this::received);
    opened.exceptionHandler(_ -> coming.add(CLOSED));
    opened.endHandler(_ -> coming.add(CLOSED));
  }

  private void received(Buffer bytes) {
    unread.appendBuffer(bytes);
    String text = unread.toString(StandardCharsets.ISO_8859_1);
    int end;
    int from = 0;
    while ((end = text.indexOf("\n\n", from)) >= 0) {
      add(unread.getString(from, end));
      from = end + 2;
    }
    unread = unread.getBuffer(from, unread.length());
  }

  private void add(String frame) {
    String id = null;
    String type = "message";
    JsonObject data = new JsonObject();
    for (String line : frame.split("\n")) {
      if (line.startsWith(":")) {
        return;
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = new JsonObject(line.substring(6));
      }
    }
    coming.add(new Event(id, type, data));
  }

  /** The next event; waits for it. */
  Event next() {
    try {
      Event next = coming.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("an event after " + events).isNotNull();
      events.add(next);
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The next event, which must be of this type. */
  Event next(String type) {
    Event next = next();
    assertThat(next.type()).as("%s", events).isEqualTo(type);
    return next;
  }

  /** Reads on until so much text has come since the beginning. */
  TestingStream untilText(String wanted) {
    while (!text().equals(wanted)) {
      next("delta");
    }
    return this;
  }

  /** Reads meta, then as {@link #untilText}. */
  TestingStream untilTextAfterMeta(String wanted) {
    next("meta");
    return untilText(wanted);
  }

  /** Reads to the end: everything that came, done last. */
  List<Event> toEnd() {
    while (!next().equals(CLOSED)) {
      assertThat(events.size()).isLessThan(10_000);
    }
    events.removeLast();
    assertThat(events.getLast().type()).as("%s", events).isEqualTo("done");
    return List.copyOf(events);
  }

  JsonObject done() {
    return toEnd().getLast().data();
  }

  /** The text as a client has it: what came since the beginning or the last reset. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      switch (event.type()) {
        case "delta" -> text.append(event.data().getString("delta"));
        case "reset" -> text.setLength(0);
        default -> {}
      }
    }
    return text.toString();
  }

  String header(String name) {
    return response.getHeader(name);
  }

  /** Hangs up. */
  void close() {
    await(response.request().connection().close());
  }

  /** One event. */
  record Event(String id, String type, JsonObject data) {}
}
