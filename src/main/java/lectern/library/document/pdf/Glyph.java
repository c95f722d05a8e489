package lectern.library.document.pdf;

/**
 * A letter as it stands on the page, seen by somebody who reads its line: {@code left} to {@code
 * right} along the line, {@code top} to {@code bottom} down the page, in points.
 *
 * @param text one character or, for a ligature, several
 * @param size of its font, as it shows
 * @param gap the width between two letters that is a space
 * @param spaced whether a space character stood before it
 */
record Glyph(
    String text,
    double left,
    double right,
    double top,
    double bottom,
    double baseline,
    double size,
    double gap,
    boolean bold,
    boolean fixed,
    boolean spaced,
    Direction direction,
    Box box) {

  double height() {
    return bottom - top;
  }

  /** How much of the lower of two letters stands beside the other, from 0 to 1. */
  static double beside(double top, double bottom, double otherTop, double otherBottom) {
    double shared = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
    double least = Math.min(bottom - top, otherBottom - otherTop);
    return least <= 0 ? 0 : shared / least;
  }
}
