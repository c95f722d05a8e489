package lectern.reading;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a question quotes, as the database has it at this moment.
 *
 * @param quotable whether the document's text can be quoted yet, or at all
 * @param url where the document came from
 * @param fragmentId null for a whole document, like the offsets
 * @param exact the quoted text; empty for a whole document
 * @param note the reader's note beside it; only for annotations
 * @param window the text around the passage, the passage included; empty where it adds nothing
 * @param windowStart where that begins in the text, in code points; null where it is empty
 */
public record Quote(
    Target target,
    boolean quotable,
    UUID mediaId,
    String title,
    @Nullable String url,
    @Nullable UUID fragmentId,
    @Nullable Integer startOffset,
    @Nullable Integer endOffset,
    String exact,
    @Nullable String note,
    String window,
    @Nullable Integer windowStart) {

  /** What can be quoted from a reader's shelf. */
  public enum Kind {
    MEDIA,
    HIGHLIGHT,
    ANNOTATION
  }

  /** Something to quote: a document, or the reader's own highlight or annotation. */
  public record Target(Kind kind, UUID id) {}

  /** Lengths only: what is quoted is never shown by accident. */
  @Override
  public String toString() {
    return "Quote[%s, exact=%d, window=%d]".formatted(target, exact.length(), window.length());
  }
}
