package lectern.llm;

import java.util.function.Consumer;

/**
 * Tells thinking that was written into the answer from the answer itself: what stands between
 * {@code <think>} at the very beginning and {@code </think>}. Tags anywhere else are text. Pieces
 * may be cut inside a tag; no more than a tag and the white space around it is ever held back.
 */
final class ThinkTags {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** White space before a tag that never comes is let go. */
  private static final int MOST_BLANKS = 64;

  private enum Place {
    BEFORE,
    THINKING,
    AFTER_THINKING,
    ANSWER
  }

  private Place place = Place.BEFORE;
  private String held = "";

  /** Takes the next piece and hands on what is certain. */
  void read(String piece, Consumer<Delta> deltas) {
    String text = held + piece;
    held = "";
    if (place == Place.BEFORE) {
      text = begin(text);
    }
    if (place == Place.THINKING) {
      text = think(text, deltas);
    }
    if (place == Place.AFTER_THINKING) {
      text = text.stripLeading();
      place = text.isEmpty() ? place : Place.ANSWER;
    }
    if (place == Place.ANSWER && !text.isEmpty()) {
      deltas.accept(new Delta.Text(text));
    }
  }

  /** Hands on what was held back for a tag that did not come. */
  void end(Consumer<Delta> deltas) {
    if (!held.isEmpty()) {
      deltas.accept(place == Place.THINKING ? new Delta.Reasoning(held) : new Delta.Text(held));
      held = "";
    }
  }

  private String begin(String text) {
    String from = text.stripLeading();
    if (from.startsWith(OPEN)) {
      place = Place.THINKING;
      return from.substring(OPEN.length());
    }
    if (OPEN.startsWith(from) && text.length() < MOST_BLANKS) {
      held = text;
      return "";
    }
    place = Place.ANSWER;
    return text;
  }

  private String think(String text, Consumer<Delta> deltas) {
    int close = text.indexOf(CLOSE);
    int end = close < 0 ? text.length() - beginning(text) : close;
    if (end > 0) {
      deltas.accept(new Delta.Reasoning(text.substring(0, end)));
    }
    if (close < 0) {
      held = text.substring(end);
      return "";
    }
    place = Place.AFTER_THINKING;
    return text.substring(close + CLOSE.length());
  }

  /** How many of the last characters may be the beginning of the closing tag. */
  private static int beginning(String text) {
    int most = Math.min(CLOSE.length() - 1, text.length());
    for (int length = most; length > 0; length--) {
      if (CLOSE.startsWith(text.substring(text.length() - length))) {
        return length;
      }
    }
    return 0;
  }
}
