package lectern.reading;

import org.jspecify.annotations.Nullable;

/** How much of the text around a passage goes with it when it is quoted, in code points. */
final class Window {

  /** The most that is taken, unless the passage alone is longer. */
  static final int CAP = 2_500;

  /** What is taken on each side where no blocks are known. */
  static final int FALLBACK = 600;

  private Window() {}

  /**
   * The window around a passage.
   *
   * @param blocks from the nearest block before those it touches to the nearest after them; null
   *     where no block touches it
   * @param length of the whole text
   */
  static Span around(Span passage, @Nullable Span blocks, int length) {
    int start = blocks == null ? passage.start() - FALLBACK : blocks.start();
    int end = blocks == null ? passage.end() + FALLBACK : blocks.end();
    Span wide =
        new Span(
            Math.max(0, Math.min(start, passage.start())),
            Math.min(length, Math.max(end, passage.end())));
    return capped(wide, passage);
  }

  /** Cuts a window down to the cap, evenly on both sides as far as there is room on both. */
  static Span capped(Span window, Span passage) {
    int excess = window.length() - CAP;
    int left = passage.start() - window.start();
    int right = window.end() - passage.end();
    if (excess <= 0) {
      return window;
    }
    if (excess >= left + right) {
      return passage;
    }
    int fromLeft = Math.min(left, (excess + 1) / 2);
    int fromRight = Math.min(right, excess - fromLeft);
    int rest = excess - fromLeft - fromRight;
    return new Span(window.start() + fromLeft + rest, window.end() - fromRight);
  }
}
