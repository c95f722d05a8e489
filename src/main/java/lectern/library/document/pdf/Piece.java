package lectern.library.document.pdf;

import java.util.List;
import java.util.Set;

/**
 * A paragraph of a page while its document is still being read: what depends on the whole document
 * is left open.
 *
 * @param role what it may be
 * @param edge whether it stands apart at the head or the foot of its page
 * @param size of its letters
 * @param breaks where in the text hyphens stand that were at the end of a line, and may go
 */
record Piece(
    Role role, boolean edge, double size, boolean rightToLeft, String text, Set<Integer> breaks) {

  /** How a paragraph looks. */
  enum Role {
    /** All in letters of one width. */
    CODE,
    /** Prose of any length. */
    PROSE,
    /** Short enough for a heading. */
    BRIEF,
    /** Short, and all bold on a page that is not. */
    BOLD
  }

  static Piece of(Paragraph paragraph, Role role, boolean edge, List<Letter> letters) {
    return new Piece(
        role,
        edge,
        paragraph.size(),
        paragraph.rightToLeft(),
        Letter.text(letters),
        Letter.breaks(letters));
  }

  /** Its element: a heading where it is short, and larger than the text around it or bold. */
  String tag(Whole document, double body) {
    return switch (role) {
      case CODE -> "pre";
      case PROSE -> "p";
      case BRIEF, BOLD -> edge && document.isRunning(text) ? "p" : heading(size / body);
    };
  }

  private String heading(double ratio) {
    if (ratio >= 1.8) {
      return "h1";
    }
    if (ratio >= 1.4) {
      return "h2";
    }
    if (ratio >= 1.14) {
      return "h3";
    }
    return role == Role.BOLD && ratio > 0.9 ? "h4" : "p";
  }
}
