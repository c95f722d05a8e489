package lectern.library.document;

/**
 * A line of a document's table of contents.
 *
 * @param title never blank, at most {@value ParsedDocument#MAX_TITLE} characters
 * @param level 1 for the outermost
 * @param part where it leads: which of the document's parts
 * @param offset and where in it, in code points of its canonical text
 */
public record OutlineEntry(String title, int level, int part, int offset) {

  /** Deeper ones are shown at this level. */
  static final int DEEPEST = 6;

  /** The longest table of contents kept. */
  static final int MOST = 5000;

  public OutlineEntry {
    if (title.isBlank() || level < 1 || part < 0 || offset < 0) {
      throw new IllegalArgumentException("An outline leads somewhere and says where");
    }
    level = Math.min(level, DEEPEST);
  }
}
