package lectern.reading;

/**
 * A stretch of text in code points.
 *
 * @param start the first of them
 * @param end the first after it
 */
record Span(int start, int end) {
  Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("A stretch of text does not end before it begins");
    }
  }

  int length() {
    return end - start;
  }
}
