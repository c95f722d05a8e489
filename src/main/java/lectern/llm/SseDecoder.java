package lectern.llm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code text/event-stream} from bytes in whatever chunks they come.
 *
 * <p>A chunk may end anywhere: inside a character, between CR and LF, inside the byte order mark.
 * So bytes are gathered up to the end of a line and only a whole line is decoded; bytes that are
 * not UTF-8 become U+FFFD. A line ends with LF, CR or CRLF, and after a CR the line is over at
 * once, whether an LF follows or not, because an event must not wait for the byte after it.
 * Comments, ids, retry times and unknown fields are passed over; an event without data is none.
 * Lines that begin a JSON object and are no field at all are kept up to the next blank line and
 * handed on as {@link SseEvent#isStray}, since some servers break off a stream with a bare error.
 *
 * <p>One event may have {@value #EVENT_BYTES} bytes, field names and comments included. A server
 * that sends more is not one we can follow: {@link TooLong}, and the decoder is of no more use.
 */
final class SseDecoder {
  static final int EVENT_BYTES = 256 * 1024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private final StringBuilder data = new StringBuilder();
  private final StringBuilder stray = new StringBuilder();
  private boolean hasData;
  private @Nullable String name;
  private int eventBytes;
  private boolean afterCr;
  private boolean firstLine = true;

  /** Takes the next bytes and hands on every event they complete. */
  void feed(byte[] chunk, Consumer<SseEvent> events) {
    int start = 0;
    for (int i = 0; i < chunk.length; i++) {
      byte b = chunk[i];
      if (b != '\n' && b != '\r') {
        afterCr = false;
        continue;
      }
      if (b == '\n' && afterCr) {
        afterCr = false;
        start = i + 1;
        continue;
      }
      gather(chunk, start, i);
      start = i + 1;
      afterCr = b == '\r';
      endLine(events);
    }
    gather(chunk, start, chunk.length);
  }

  /**
   * The event that the end of the stream cut off before its blank line, if it has data. Whether
   * that is a whole message is for its reader to judge.
   */
  Optional<SseEvent> end() {
    if (line.size() > 0) {
      line(takeLine());
    }
    return take();
  }

  private void gather(byte[] chunk, int from, int to) {
    eventBytes += to - from;
    if (eventBytes > EVENT_BYTES) {
      throw new TooLong();
    }
    line.write(chunk, from, to - from);
  }

  private void endLine(Consumer<SseEvent> events) {
    String text = takeLine();
    if (text.isEmpty()) {
      take().ifPresent(events);
    } else {
      line(text);
    }
  }

  private void line(String text) {
    char first = text.charAt(0);
    if (!stray.isEmpty() || first == '{' || first == '[') {
      stray.append(text).append('\n');
    } else {
      field(text);
    }
  }

  private String takeLine() {
    byte[] bytes = line.toByteArray();
    line.reset();
    int from = firstLine && startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
    firstLine = false;
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }

  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3);
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value =
        colon < 0 ? "" : text.substring(colon + (text.startsWith(" ", colon + 1) ? 2 : 1));
    switch (field) {
      case "data" -> {
        if (hasData) {
          data.append('\n');
        }
        data.append(value);
        hasData = true;
      }
      case "event" -> name = value;
      default -> {}
    }
  }

  private Optional<SseEvent> take() {
    Optional<SseEvent> event = hasData ? Optional.of(event()) : strayEvent();
    data.setLength(0);
    stray.setLength(0);
    hasData = false;
    name = null;
    eventBytes = 0;
    return event;
  }

  private SseEvent event() {
    return new SseEvent(name == null || name.isEmpty() ? "message" : name, data.toString());
  }

  private Optional<SseEvent> strayEvent() {
    return stray.isEmpty() ? Optional.empty() : Optional.of(SseEvent.stray(stray.toString()));
  }

  /** An event passed {@link #EVENT_BYTES}. */
  static final class TooLong extends RuntimeException {
    TooLong() {
      super("an event of the stream is longer than " + EVENT_BYTES + " bytes", null, false, false);
    }
  }
}
