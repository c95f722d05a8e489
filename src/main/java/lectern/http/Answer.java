package lectern.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route answers with; {@link Edge} writes it as the envelope. */
sealed interface Answer {

  /** A status and the value of {@code data}. */
  record Data(int status, @Nullable Object data) implements Answer {}

  /** A page of a list, with the cursors to its neighbours. */
  record Listing(List<?> data, Page page) implements Answer {}

  /** A JSON document without an envelope. */
  record Bare(Object document) implements Answer {}

  /** Text as it stands. */
  record Plain(String contentType, String text) implements Answer {}

  /**
   * A picture whose name is made of its bytes, so that a browser may keep it for ever.
   *
   * @param known the entity tags the client has already, as it sent them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Picture(String contentType, String name, byte[] bytes, @Nullable String known)
      implements Answer {

    String tag() {
      return '"' + name + '"';
    }

    /** Whether the client has this very picture. */
    boolean isKnown() {
      return known != null && (known.strip().equals("*") || known.contains(tag()));
    }

    @Override
    public String toString() {
      return "Picture[%s, bytes=%d]".formatted(name, bytes.length);
    }
  }

  /** Done, and nothing to say. */
  record Empty() implements Answer {}

  /** The route writes its response itself: a stream. */
  record Streaming() implements Answer {}

  record Page(@Nullable String nextCursor, @Nullable String previousCursor) {}

  static Answer ok(@Nullable Object data) {
    return new Data(200, data);
  }

  static Answer created(Object data) {
    return new Data(201, data);
  }

  static Answer accepted(Object data) {
    return new Data(202, data);
  }

  static Answer list(List<?> data, @Nullable String next) {
    return new Listing(data, new Page(next, null));
  }

  static Answer empty(Object ignored) {
    return new Empty();
  }
}
