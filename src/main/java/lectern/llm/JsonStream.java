package lectern.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import java.util.function.Function;
import lectern.bus.Json;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of all dialects have in common: each event is a JSON object, and an error may
 * come in place of any. One event that is not JSON is passed over, since proxies insert such lines;
 * a second one is not. An answer whose bytes end before it said so has been cut, however finished
 * its last sentence looks.
 */
abstract class JsonStream implements AnswerStream {
  /** A longer name is not one to keep. */
  private static final int LONGEST_NAME = 200;

  private static final String DONE = "[DONE]";

  private final Consumer<Event> events;
  private final @Nullable String requestId;
  private boolean started;
  private boolean spoken;
  private boolean refused;
  private boolean garbled;

  JsonStream(@Nullable String requestId, Consumer<Event> events) {
    this.requestId = requestId;
    this.events = events;
  }

  /** One event that is no error. */
  abstract void readChunk(JsonNode chunk);

  /** The word with which some streams end. */
  void done() {}

  @Override
  public final void read(SseEvent event) {
    String data = event.data().strip();
    if (data.equals(DONE)) {
      done();
    } else if (!data.isEmpty()) {
      readJson(event, data);
    }
  }

  private void readJson(SseEvent event, String data) {
    JsonNode chunk = parsed(data);
    if (chunk != null && isError(event.name(), chunk)) {
      fail(ProviderError.in(chunk));
    } else if (chunk == null) {
      skip();
    } else if (!event.isStray()) {
      readChunk(chunk);
    }
  }

  private static @Nullable JsonNode parsed(String data) {
    try {
      JsonNode node = Json.mapper().readTree(data);
      JsonNode only = node.isArray() && node.size() == 1 ? node.get(0) : node;
      return only.isObject() ? only : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private void skip() {
    if (garbled) {
      fail(Kind.GARBLED);
    }
    garbled = true;
  }

  private static boolean isError(String name, JsonNode chunk) {
    JsonNode error = chunk.path("error");
    return error.isObject()
        || !error.asText("").isEmpty()
        || name.equals("error")
        || chunk.path("type").asText("").equals("error");
  }

  @Override
  public boolean whole() {
    return false;
  }

  @Override
  public boolean goesOn(Question question) {
    return false;
  }

  @Override
  public void end() {
    fail(Kind.INTERRUPTED);
  }

  // Saying

  void start(JsonNode id, JsonNode model) {
    if (!started) {
      started = true;
      events.accept(new Event.Started(requestId == null ? name(id) : requestId, name(model)));
    }
  }

  boolean text(JsonNode text) {
    return say(text, Delta.Text::new);
  }

  boolean reasoning(JsonNode text) {
    return say(text, Delta.Reasoning::new);
  }

  boolean refusal(JsonNode text) {
    boolean said = say(text, Delta.Refusal::new);
    refused |= said;
    return said;
  }

  private boolean say(JsonNode text, Function<String, Delta> kind) {
    if (!text.isTextual() || text.textValue().isEmpty()) {
      return false;
    }
    say(kind.apply(text.textValue()));
    return true;
  }

  void say(Delta delta) {
    spoken = true;
    events.accept(delta);
  }

  /** Whether anything of an answer, its reasoning included, has been said. */
  boolean spoken() {
    return spoken;
  }

  void say(Usage usage) {
    events.accept(usage);
  }

  /** A model that refused has not stopped by itself, whatever else it says. */
  void finish(FinishReason reason) {
    events.accept(
        new Event.Finished(
            refused && reason == FinishReason.STOP ? FinishReason.CONTENT_FILTER : reason));
  }

  void fail(Kind kind) {
    fail(LlmFailure.of(kind));
  }

  void fail(ProviderError error) {
    Kind kind = ProviderErrors.kind(0, error);
    fail(new LlmFailure(kind, error.status(), error.word(), error.retryDelay()));
  }

  void fail(LlmFailure failure) {
    events.accept(new Event.Failed(failure));
  }

  /** A name that can be kept, or null. */
  static @Nullable String name(@Nullable JsonNode node) {
    return node == null || !node.isTextual() ? null : name(node.textValue());
  }

  static @Nullable String name(@Nullable String text) {
    boolean sound =
        text != null
            && !text.isBlank()
            && text.length() <= LONGEST_NAME
            && text.chars().allMatch(c -> c >= ' ' && c < 127);
    return sound ? text : null;
  }

  /** A number of tokens; whatever is none counts as none. */
  static int count(JsonNode number) {
    return number.isNumber() ? (int) Math.clamp(number.asLong(), 0, Integer.MAX_VALUE) : 0;
  }
}
