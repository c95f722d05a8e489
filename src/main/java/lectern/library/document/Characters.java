package lectern.library.document;

/** Which code points are space, which belong to the one before, and which cannot be stored. */
public final class Characters {
  private Characters() {}

  /** Unicode white space, the no-break spaces and the next-line control included. */
  public static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /**
   * Whether the code unit is a code point by itself that is stored as it is, whatever is around.
   */
  static boolean isPlain(char c) {
    return (c > ' ' && c < 0x7F) || (c > 0xA0 && c < 0x300);
  }

  /** Whether the code point may change, in Normalisation Form C, the one before it. */
  public static boolean joinsBackwards(int c) {
    if (c < 0x300) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
    };
  }

  /** The code point, or the replacement character for half of a surrogate pair. */
  public static int whole(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
  }
}
