package lectern.library.document.pdf;

import java.util.Arrays;
import java.util.List;

/**
 * How wide a gap within a line must be to be a space, where the line itself tells. Each font says
 * how wide its space is; but the words of a line that is set tight are less apart than that, and
 * the letters of one that is set wide are more. Such a line's gaps fall into two kinds, and what
 * parts words is half-way between them.
 */
final class WordGap {
  /** Gaps below which a line says nothing about itself. */
  private static final int FEW = 6;

  /** In parts of the size: a gap so much wider than those within words is one between words. */
  private static final double SURE = 0.35;

  /** How far the two kinds are apart at least. */
  private static final double APART = 0.08;

  /** The least space there is. */
  private static final double LEAST = 0.1;

  /** The distance of letters from which on a line is set wide. */
  private static final double TRACKED = 0.1;

  /** How much gaps of one kind differ. */
  private static final double SPREAD = 0.08;

  private WordGap() {}

  /**
   * In points; not a number where what the fonts say holds.
   *
   * @param size of most of its letters
   */
  static double of(List<Glyph> line, double size) {
    if (hasSpaces(line)) {
      return Double.NaN;
    }
    double[] gaps = gaps(line, size);
    if (gaps.length < FEW) {
      return Double.NaN;
    }
    Arrays.sort(gaps);
    double usual = gaps[gaps.length / 2];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = Math.min(gaps[i], usual + SURE);
    }
    int split = widestStep(gaps);
    double within = gaps[split - 1];
    double between = gaps[split];
    boolean clear = between - within > APART && between > LEAST && agree(gaps, split);
    double fonts = line.stream().mapToDouble(Glyph::gap).max().orElse(0);
    boolean apart = usual > TRACKED ? isTracked(line, gaps, split) : between * size <= 1.05 * fonts;
    return clear && apart ? (within + between) / 2 * size : Double.NaN;
  }

  /** Where words are parted by characters, gaps need not be. */
  private static boolean hasSpaces(List<Glyph> line) {
    return line.stream().skip(1).anyMatch(Glyph::spaced);
  }

  private static double[] gaps(List<Glyph> line, double size) {
    double[] gaps = new double[line.size()];
    int count = 0;
    for (int i = 1; i < line.size(); i++) {
      double gap = (line.get(i).left() - line.get(i - 1).right()) / size;
      if (gap > -0.3 && !isDot(line.get(i)) && !isDot(line.get(i - 1))) {
        gaps[count++] = gap;
      }
    }
    return Arrays.copyOf(gaps, count);
  }

  /** Dots lead to a page number, as far apart as they like. */
  private static boolean isDot(Glyph glyph) {
    return glyph.text().equals(".");
  }

  /** Where the upper kind begins: not among the narrower half, which are within words. */
  private static int widestStep(double[] gaps) {
    int widest = gaps.length - 1;
    for (int i = gaps.length / 2 + 1; i < gaps.length; i++) {
      if (gaps[i] - gaps[i - 1] > gaps[widest] - gaps[widest - 1]) {
        widest = i;
      }
    }
    return widest;
  }

  /**
   * Whether most of the upper kind are about as wide as the least of them, as in a justified line.
   */
  private static boolean agree(double[] gaps, int split) {
    int alike = split;
    while (alike < gaps.length && gaps[alike] < gaps[split] + SPREAD) {
      alike++;
    }
    return (alike - split) * 2 >= gaps.length - split;
  }

  /** Whether letters stand evenly apart; single signs in a row do, too, but are no letters. */
  private static boolean isTracked(List<Glyph> line, double[] gaps, int split) {
    long letters =
        line.stream().filter(glyph -> Character.isLetter(glyph.text().codePointAt(0))).count();
    return letters * 4 > line.size() * 3L && gaps[split - 1] - gaps[0] < SPREAD;
  }
}
