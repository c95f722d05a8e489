package lectern.reading;

import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.Capabilities;

/**
 * A stretch of a fragment as the database holds it, and what decides whether it can be marked.
 *
 * @param status of the document
 * @param length of the fragment, in code points
 */
record Passage(
    UUID fragmentId,
    String status,
    int length,
    int start,
    int end,
    String exact,
    String prefix,
    String suffix) {

  /** The longest passage that is marked: far more than a selection, far less than a book. */
  static final int LONGEST = 20_000;

  /** Refuses what no fragment could hold, before any is looked at. */
  static void checkRange(int start, int end) {
    if (start < 0 || end <= start || end - start > LONGEST) {
      throw invalid();
    }
  }

  /** The passage, when its document is ready and it lies within the text. */
  Passage checked() {
    if (!Capabilities.isReady(status)) {
      throw new Refusal(Code.E_MEDIA_NOT_READY, "This document is not ready to be marked yet.");
    }
    if (end > length || exact.isBlank()) {
      throw invalid();
    }
    return this;
  }

  private static Refusal invalid() {
    return new Refusal(
        Code.E_HIGHLIGHT_INVALID_RANGE, "This passage does not lie within the text.");
  }
}
