package lectern.reading;

import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.Capabilities;
import lectern.library.document.pdf.PageLayout;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a fragment as the database holds it, and what decides whether it can be marked.
 *
 * @param status of the document
 * @param length of the fragment, in code points
 * @param layout where the letters of its page stand; null in a document without pages
 */
record Passage(
    UUID fragmentId,
    String status,
    int length,
    int start,
    int end,
    String exact,
    String prefix,
    String suffix,
    @Nullable PageLayout layout) {

  /** The longest passage that is marked: far more than a selection, far less than a book. */
  static final int LONGEST = 20_000;

  /** Whether a passage may begin and end there, whatever the text. */
  static boolean maySpan(int start, int end) {
    return start >= 0 && end > start && end - start <= LONGEST;
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

  /** Where it is painted; null where its fragment has no layout. */
  @Nullable List<Quad> quads() {
    return layout == null ? null : Quads.of(layout, start, end);
  }

  static Refusal invalid() {
    return new Refusal(
        Code.E_HIGHLIGHT_INVALID_RANGE, "This passage does not lie within the text.");
  }
}
