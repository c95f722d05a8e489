package lectern.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;
import lectern.bus.Json;
import lectern.conversation.AnswerUsage;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Place;
import org.jspecify.annotations.Nullable;

/**
 * An answer as server-sent events: one {@code meta}, {@code delta}s, one {@code done}; {@code
 * thinking} before the first words of a model that thinks aloud; {@code reset} where the text so
 * far is void. The id of an event is the place reached with it, so that a client that comes back
 * with its last id gets what follows and nothing twice.
 */
final class EventStream implements AnswerWatcher.Sink {
  /** Bytes that may wait in the socket's queue before the owner is asked to wait. */
  private static final int QUEUE = 16 * 1024;

  private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

  private final HttpServerResponse response;
  private Place place;
  private boolean stuck;

  EventStream(HttpServerResponse response, Place from) {
    this.response = response;
    this.place = from;
  }

  /** Sends the head of the response, and meta. */
  void open(Meta meta) {
    response
        .setChunked(true)
        .setWriteQueueMaxSize(QUEUE)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader("Content-Location", "/messages/" + meta.assistantMessageId() + "/stream");
    write("meta", meta);
  }

  void done(End end) {
    boolean complete = end.status().equals("complete");
    Done done =
        new Done(
            end.status(),
            end.errorCode(),
            end.errorMessage(),
            end.finishReason(),
            complete ? place.offset() : null,
            end.usage());
    if (isOpen()) {
      response.end(event("done", done));
    }
  }

  @Override
  public boolean wantsText() {
    return true;
  }

  @Override
  public void startOver(Place from) {
    place = from;
    write("reset", new Reset());
  }

  @Override
  public void thinking(Place reached) {
    place = reached;
    write("thinking", new Thinking());
  }

  @Override
  public Future<Void> text(String more, Place reached) {
    place = reached;
    write("delta", new Delta(more));
    if (!response.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    response.drainHandler(
        _ -> {
          stuck = false;
          room.tryComplete();
        });
    return room.future();
  }

  /** Keeps the connection alive; one that took nothing from one beat to the next is cut. */
  @Override
  public void beat() {
    if (!response.writeQueueFull()) {
      stuck = false;
      if (isOpen()) {
        response.write(KEEP_ALIVE);
      }
    } else if (stuck) {
      response.reset();
    } else {
      stuck = true;
    }
  }

  private boolean isOpen() {
    return !response.closed() && !response.ended();
  }

  private void write(String event, Object data) {
    if (!isOpen()) {
      return;
    }
    response.write(event(event, data));
  }

  private Buffer event(String name, Object data) {
    return Buffer.buffer()
        .appendString("id: " + place + "\nevent: " + name + "\ndata: ")
        .appendBuffer(Json.write(data))
        .appendString("\n\n");
  }

  record Meta(
      UUID conversationId,
      @Nullable UUID userMessageId,
      UUID assistantMessageId,
      @Nullable UUID modelId,
      String provider) {}

  private record Delta(String delta) {}

  private record Thinking() {}

  private record Reset() {}

  private record Done(
      String status,
      @Nullable String errorCode,
      @Nullable String errorMessage,
      @Nullable String finishReason,
      @Nullable Integer finalChars,
      @Nullable AnswerUsage usage) {}
}
