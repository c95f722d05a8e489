package lectern;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One question under a key, by one or several requests, and everything that came back. */
final class Sent {
  final String key;
  final String content;
  final String path;
  final JsonObject body;
  final @Nullable Sent replaced;

  /** What was sent under the key before and then deleted, so that the key was free again. */
  final @Nullable Sent before;

  final Reply reply;
  final AtomicInteger calls = new AtomicInteger();
  final CompletableFuture<JsonObject> meta = new CompletableFuture<>();
  final CompletableFuture<String> growing = new CompletableFuture<>();
  final Set<Seen> seen = ConcurrentHashMap.newKeySet();
  final Set<String> texts = ConcurrentHashMap.newKeySet();
  final Set<String> questions = ConcurrentHashMap.newKeySet();
  final long began = System.nanoTime();
  private final @Nullable String sentTo;
  volatile long ended = Long.MAX_VALUE;
  volatile @Nullable String conversation;

  /** Where it was answered last, as a stream: the node that writes the answer, of one request. */
  volatile int node;

  /**
   * @param conversation null where it begins a new one
   */
  Sent(
      String key,
      String content,
      @Nullable String conversation,
      JsonObject body,
      @Nullable Sent replaced,
      Reply reply) {
    this(key, content, conversation, body, replaced, null, reply);
  }

  private Sent(
      String key,
      String content,
      @Nullable String conversation,
      JsonObject body,
      @Nullable Sent replaced,
      @Nullable Sent before,
      Reply reply) {
    this.before = before;
    this.key = key;
    this.content = content;
    this.conversation = conversation;
    this.sentTo = conversation;
    this.path = "/conversations/" + (conversation == null ? "" : conversation + "/") + "messages";
    this.body = body;
    this.replaced = replaced;
    this.reply = reply;
  }

  /** The same request under the same key, which means nothing any more. */
  Sent anew() {
    return new Sent(key, content, sentTo, body, replaced, this, reply);
  }

  /** How an answer was told: its code if it failed, its text if it did not. */
  record Seen(@Nullable String code, @Nullable String answer, @Nullable String content) {

    /** Told that it is not there, which is no answer. */
    boolean isGone() {
      return "E_CONVERSATION_NOT_FOUND".equals(code) || "E_MESSAGE_NOT_FOUND".equals(code);
    }
  }

  void saw(Seen result) {
    seen.add(result);
    ended = Math.min(ended, System.nanoTime());
  }

  void isIn(JsonObject told) {
    conversation = told.getString("conversation_id", conversation);
    String question = told.getString("user_message_id");
    if (question != null) {
      questions.add(question);
    }
  }

  @Nullable String answer() {
    return seen.stream()
        .map(Seen::answer)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(meta.isDone() ? meta.join().getString("assistant_message_id") : null);
  }

  boolean wasOpened() {
    return answer() != null && !questions.isEmpty();
  }

  /** What one client has of one answer, over as many streams as it took. */
  static final class Told {
    private final Sent sent;
    private final StringBuilder text = new StringBuilder();
    private @Nullable JsonObject meta;
    private @Nullable JsonObject done;
    private @Nullable String place;

    Told(Sent sent) {
      this.sent = sent;
    }

    /** Reads to the end of the stream, or leaves after so many pieces. */
    void read(InputStream stream, int pieces) throws IOException {
      int left = pieces;
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        String type = "";
        String id = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("event: ")) {
            type = line.substring(7);
          } else if (line.startsWith("data: ")) {
            take(type, new JsonObject(line.substring(6)));
            place = id;
            if (type.equals("delta") && --left == 0) {
              return;
            }
          }
        }
      }
    }

    private void take(String type, JsonObject data) {
      switch (type) {
        case "delta" -> {
          text.append(data.getString("delta"));
          sent.growing.complete(text.toString());
        }
        case "meta" -> {
          meta = data;
          sent.isIn(data);
          sent.meta.complete(data);
        }
        case "reset" -> text.setLength(0);
        case "done" -> done = data;
        default -> throw new AssertionError("an event " + type);
      }
    }

    @Nullable String answer() {
      return meta == null ? null : meta.getString("assistant_message_id");
    }

    @Nullable String place() {
      return place;
    }

    /** The end, once it was told. */
    @Nullable Seen end(History history) {
      if (done == null) {
        return null;
      }
      sent.texts.add(text.toString());
      boolean complete = done.getString("status").equals("complete");
      if (complete && done.getInteger("final_chars") != text.length()) {
        history.violation("%s: %s after %d characters", sent.key, done, text.length());
      }
      return new Seen(done.getString("error_code"), answer(), complete ? text.toString() : null);
    }
  }
}
