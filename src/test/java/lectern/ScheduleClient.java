package lectern;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.History.Deletion;
import lectern.Sent.Seen;
import lectern.Sent.Told;
import lectern.telemetry.RequestIds;
import org.jspecify.annotations.Nullable;

/**
 * What a client does at two nodes, either of which may die: it asks again, at the other one too,
 * until it has a stated result, and the history notes all it is told.
 */
final class ScheduleClient {
  private static final int WAIT_SECONDS = 20;

  private final TestingNodes nodes;
  private final String token;
  private final String requests;
  private final History history;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  /**
   * @param requests what the ids of its requests begin with
   */
  ScheduleClient(TestingNodes nodes, String token, String requests, History history) {
    this.nodes = nodes;
    this.token = token;
    this.requests = requests;
    this.history = history;
  }

  /** How a question is sent: where, and what its client does while it is answered. */
  record Manner(int node, boolean streamed, boolean waits, int leavesAfter) {}

  /** Requests that came to nothing, because a node was not there or no more. */
  int broken() {
    return broken.get();
  }

  // Sending

  /** Asks, and comes back to either node until there is a stated result, as a client would. */
  void send(Sent sent, Manner manner) {
    Told told = new Told(sent);
    int at = manner.node;
    for (Again again = new Again(); again.isWorth(); again.pause()) {
      try {
        boolean known = told.answer() != null;
        Seen seen = known ? watched(told, at) : asked(sent, told, at, manner);
        if (seen != null) {
          history.saw(sent, seen);
          return;
        }
        at = told.answer() == null ? at : 1 - at;
      } catch (IOException refusedOrCut) {
        broken.incrementAndGet();
        at = 1 - at;
      }
    }
    history.violation("%s came to no result", sent.key);
  }

  /** Sends all of it or the beginning, and hangs up before the head of an answer can come. */
  void hangUp(Sent sent, int node, double part, int millis) {
    Map<String, String> headers = headers(Map.of("Idempotency-Key", sent.key));
    try {
      nodes.hangUp(node, token, sent.path, sent.body, headers, part, millis);
    } catch (IOException nobodyThere) {
      broken.incrementAndGet();
    }
  }

  /** The key of a question means no other question. */
  void misuseKey(Sent sent, int node) {
    JsonObject other = sent.body.copy().put("content", sent.content + " Or not?");
    Map<String, String> headers = Map.of("Idempotency-Key", sent.key);
    String code = code(reached(node, "POST", sent.path, other, headers));
    if (!"E_IDEMPOTENCY_KEY_REPLAY_MISMATCH".equals(code)) {
      noteGone(sent, code, "%s was used for another question, and answered: %s");
    }
  }

  private void noteGone(Sent sent, @Nullable String code, String otherwise) {
    Seen seen = new Seen(code, null, null);
    if (seen.isGone()) {
      history.saw(sent, seen);
    } else {
      history.violation(otherwise, sent.key, code);
    }
  }

  private @Nullable Seen asked(Sent sent, Told told, int node, Manner manner) throws IOException {
    Map<String, String> headers = new HashMap<>(Map.of("Idempotency-Key", sent.key));
    if (manner.waits) {
      headers.put("Prefer", "wait=" + WAIT_SECONDS);
    }
    long began = System.nanoTime();
    String path = sent.path + (manner.streamed ? "?stream=1" : "");
    HttpResponse<InputStream> response =
        exchange(node, "POST", path, sent.body, headers, BodyHandlers.ofInputStream());
    if (response.statusCode() == 200 && manner.streamed) {
      sent.node = node;
      told.read(response.body(), manner.leavesAfter);
      return told.end(history);
    }
    JsonObject json = json(response);
    if (response.statusCode() == 200) {
      JsonObject answer = json.getJsonObject("data").getJsonObject("assistant_message");
      sent.isIn(
          new JsonObject()
              .put("conversation_id", answer.getString("conversation_id"))
              .put(
                  "user_message_id",
                  json.getJsonObject("data").getJsonObject("user_message").getString("id")));
      return new Seen(null, answer.getString("id"), answer.getString("content"));
    }
    return refused(sent, manner, json.getJsonObject("error"), System.nanoTime() - began);
  }

  /** A refusal that names an answer is its end; one that asks to come again is none. */
  private @Nullable Seen refused(Sent sent, Manner manner, JsonObject error, long nanos) {
    String code = error.getString("code");
    if (code.equals("E_CONVERSATION_BUSY")) {
      if (manner.waits && nanos < TimeUnit.SECONDS.toNanos(WAIT_SECONDS - 1)) {
        history.violation("%s would have waited, and was told to after %d ns", sent.key, nanos);
      }
      return null;
    }
    if (code.equals("E_UNAVAILABLE")) {
      return null;
    }
    JsonObject details = error.getJsonObject("details", new JsonObject());
    sent.isIn(details);
    return new Seen(code, details.getString("assistant_message_id"), null);
  }

  private @Nullable Seen watched(Told told, int node) throws IOException {
    Map<String, String> headers =
        told.place() == null ? Map.of() : Map.of("Last-Event-ID", told.place());
    String path = "/messages/" + told.answer() + "/stream";
    HttpResponse<InputStream> response =
        exchange(node, "GET", path, null, headers, BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      told.read(response.body(), 0);
      return told.end(history);
    }
    String code = json(response).getJsonObject("error").getString("code");
    return code.equals("E_UNAVAILABLE") ? null : new Seen(code, told.answer(), null);
  }

  // Everything else

  String newConversation() {
    HttpResponse<String> created = reached(0, "POST", "/conversations", null, Map.of());
    String id = new JsonObject(created.body()).getJsonObject("data").getString("id");
    history.hasConversation(id);
    return id;
  }

  /** Stops an answer at whichever node can; one that has ended stays as it is. */
  void stop(Sent sent, int node) {
    String path = "/messages/" + sent.answer() + "/stop";
    HttpResponse<String> stopped = reached(node, "POST", path, null, Map.of());
    String code = code(stopped);
    if (code != null) {
      noteGone(sent, code, "%s was stopped, and answered: %s");
      return;
    }
    JsonObject message = new JsonObject(stopped.body()).getJsonObject("data");
    boolean complete = message.getString("status").equals("complete");
    history.saw(
        sent,
        new Seen(
            message.getString("error_code"),
            message.getString("id"),
            complete ? message.getString("content") : null));
  }

  /** 404 too, where somebody else was first, or the node died after it was done. */
  void deleteConversation(String id, int node) {
    delete(id, id, "/conversations/" + id, node);
  }

  void deleteMessage(String id, String conversation, int node) {
    delete(id, conversation, "/messages/" + id, node);
  }

  private void delete(String id, String conversation, String path, int node) {
    Deletion deletion = history.deleting(id, conversation);
    String code = code(reached(node, "DELETE", path, null, Map.of()));
    if (code != null && !new Seen(code, null, null).isGone()) {
      history.violation("the deletion of %s was answered: %s", path, code);
    }
    deletion.isDone();
    for (int at = 0; at < 2; at++) {
      String after = code(reached(at, "GET", path, null, Map.of()));
      if (!new Seen(after, null, null).isGone()) {
        history.violation("%s was deleted, and is answered: %s", path, after);
      }
    }
  }

  /** Looks at the newest messages of a conversation. */
  void look(String conversation, int node) {
    String path = "/conversations/" + conversation + "/messages?from=newest&limit=" + History.PAGE;
    long began = System.nanoTime();
    HttpResponse<String> page = reached(node, "GET", path, null, Map.of());
    String code = code(page);
    if (code != null && !new Seen(code, null, null).isGone()) {
      history.violation("a look at %s was answered: %s", conversation, code);
    } else {
      history.page(conversation, began, code == null ? messages(page) : null);
    }
  }

  private static List<JsonObject> messages(HttpResponse<String> page) {
    JsonArray messages = new JsonObject(page.body()).getJsonArray("data");
    return messages.stream().map(JsonObject.class::cast).toList();
  }

  // The wire

  /** Asks this node; the other one where it does not answer, or cannot now. */
  private HttpResponse<String> reached(
      int node, String method, String path, @Nullable JsonObject body, Map<String, String> more) {
    int at = node;
    for (Again again = new Again(); again.isWorth(); again.pause()) {
      try {
        HttpResponse<String> response =
            exchange(at, method, path, body, more, BodyHandlers.ofString());
        if (response.statusCode() != 503) {
          return response;
        }
      } catch (IOException refusedOrCut) {
        broken.incrementAndGet();
      }
      at = 1 - at;
    }
    throw new AssertionError("no node answers");
  }

  private <T> HttpResponse<T> exchange(
      int node,
      String method,
      String path,
      @Nullable JsonObject body,
      Map<String, String> more,
      BodyHandler<T> handler)
      throws IOException {
    return nodes.exchange(node, token, method, path, body, headers(more), handler);
  }

  private Map<String, String> headers(Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put(RequestIds.HEADER, requests + asked.incrementAndGet());
    return headers;
  }

  /** The code of a refusal, null where there is none. */
  private static @Nullable String code(HttpResponse<String> response) {
    return response.statusCode() < 300
        ? null
        : new JsonObject(response.body()).getJsonObject("error").getString("code");
  }

  private static JsonObject json(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      return new JsonObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** When something is asked again: soon, then less and less, for as long as anybody waits. */
  private static final class Again {
    private static final int LONGEST_MILLIS = 1_000;

    private final long deadline = System.nanoTime() + TestingNodes.PATIENCE.toNanos();
    private int millis = 20;

    boolean isWorth() {
      return System.nanoTime() < deadline;
    }

    void pause() {
      TestingNodes.pause(millis);
      millis = Math.min(2 * millis, LONGEST_MILLIS);
    }
  }
}
