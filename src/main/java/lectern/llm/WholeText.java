package lectern.llm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/**
 * Makes the pieces of an answer well-formed. A provider may cut between the two halves of a
 * character outside the basic plane; the first half then waits here for the second. A half that
 * never finds its partner, and NUL, which no database column takes, become U+FFFD.
 */
final class WholeText {
  private static final char REPLACEMENT = '\uFFFD';

  private final EnumMap<Channel, Character> waiting = new EnumMap<>(Channel.class);

  /** The piece with what was waiting for it and without what must wait; its text may be empty. */
  Delta whole(Delta delta) {
    Channel channel = Channel.of(delta);
    Character first = waiting.remove(channel);
    String text = first == null ? delta.text() : first + delta.text();
    if (!text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
      waiting.put(channel, text.charAt(text.length() - 1));
      text = text.substring(0, text.length() - 1);
    }
    return delta.with(mended(text));
  }

  /** What is still waiting when there is no more to come. */
  List<Delta> rest() {
    List<Delta> rest = new ArrayList<>();
    waiting.keySet().forEach(channel -> rest.add(channel.delta(String.valueOf(REPLACEMENT))));
    waiting.clear();
    return rest;
  }

  private static String mended(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        mended = mended == null ? new StringBuilder(text) : mended;
        mended.setCharAt(i, REPLACEMENT);
      }
    }
    return mended == null ? text : mended.toString();
  }

  private enum Channel {
    TEXT,
    REASONING,
    REFUSAL;

    static Channel of(Delta delta) {
      return switch (delta) {
        case Delta.Text _ -> TEXT;
        case Delta.Reasoning _ -> REASONING;
        case Delta.Refusal _ -> REFUSAL;
      };
    }

    Delta delta(String text) {
      return switch (this) {
        case TEXT -> new Delta.Text(text);
        case REASONING -> new Delta.Reasoning(text);
        case REFUSAL -> new Delta.Refusal(text);
      };
    }
  }
}
