package lectern.library.document.pdf;

import java.text.Bidi;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A line of one column, its letters in the order they are read. */
final class Line {
  private static final String MIRRORED = "()[]{}<>«»";

  /** Digits that number a line of a program at most. */
  private static final int NUMBER = 5;

  final List<Letter> letters;
  final double left;
  final double right;
  final double baseline;
  final double size;
  final boolean bold;
  final boolean fixed;
  final boolean rightToLeft;

  private Line(List<Glyph> glyphs) {
    glyphs.sort(Comparator.comparingDouble(Glyph::left));
    Glyph main = glyphs.stream().max(Comparator.comparingDouble(Glyph::size)).orElseThrow();
    List<Glyph> numbered = withoutNumber(glyphs);
    this.fixed = isFixed(numbered);
    this.size = mainSize(fixed ? numbered : glyphs);
    this.baseline =
        glyphs.stream()
            .filter(glyph -> glyph.size() == size)
            .mapToDouble(Glyph::baseline)
            .findFirst()
            .orElse(main.baseline());
    this.left = glyphs.getFirst().left();
    this.right = glyphs.stream().mapToDouble(Glyph::right).max().orElse(left);
    this.bold = glyphs.stream().filter(Glyph::bold).count() * 10 > glyphs.size() * 9L;
    this.rightToLeft = isRightToLeft(glyphs);
    this.letters = letters(glyphs);
  }

  /** What follows the number that lines of a program have. */
  private static List<Glyph> withoutNumber(List<Glyph> glyphs) {
    int start = 0;
    while (start < Math.min(NUMBER, glyphs.size() - 1)
        && Character.isDigit(glyphs.get(start).text().codePointAt(0))) {
      start++;
    }
    return glyphs.subList(start, glyphs.size());
  }

  /** Whether all are of one width. What begins with another sign is an item of a list. */
  private static boolean isFixed(List<Glyph> glyphs) {
    return glyphs.getFirst().fixed()
        && glyphs.stream().filter(Glyph::fixed).count() * 10 > glyphs.size() * 9L;
  }

  /** The size most letters have. */
  private static double mainSize(List<Glyph> glyphs) {
    double size = glyphs.getFirst().size();
    int count = 0;
    for (Glyph glyph : glyphs) {
      if (glyph.size() == size) {
        count++;
      } else if (--count < 0) {
        size = glyph.size();
        count = 1;
      }
    }
    return size;
  }

  /** The lines of a part of a page, top to bottom. */
  static List<Line> of(List<Run> part) {
    List<Run> runs = new ArrayList<>(part);
    runs.sort(Comparator.comparingDouble(Run::middle).thenComparingDouble(run -> run.left));
    List<List<Glyph>> rows = new ArrayList<>();
    List<Run> cores = new ArrayList<>();
    for (Run run : runs) {
      int row = rowOf(run, cores);
      if (row < 0) {
        rows.add(new ArrayList<>(run.glyphs));
        cores.add(run);
      } else {
        rows.get(row).addAll(run.glyphs);
        if (run.width() > cores.get(row).width()) {
          cores.set(row, run);
        }
      }
    }
    List<Line> lines = new ArrayList<>(rows.size());
    rows.forEach(row -> lines.add(new Line(row)));
    lines.removeIf(line -> line.letters.isEmpty());
    return lines;
  }

  /**
   * The longest run of a line tells what is beside it, so that large initials join no two lines.
   */
  private static int rowOf(Run run, List<Run> cores) {
    for (int i = cores.size() - 1; i >= Math.max(0, cores.size() - 4); i--) {
      if (run.isBeside(cores.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private List<Letter> letters(List<Glyph> visual) {
    double wordGap = WordGap.of(visual, size);
    List<Glyph> glyphs = new ArrayList<>();
    for (Glyph glyph : visual) {
      Glyph last = glyphs.isEmpty() ? null : glyphs.getLast();
      if (last != null && isGap(last, glyph, wordGap)) {
        glyphs.add(gap(last, glyph));
      }
      glyphs.add(glyph);
    }
    boolean mixed = glyphs.stream().anyMatch(glyph -> isRightToLeft(glyph.text().codePointAt(0)));
    List<Letter> letters = new ArrayList<>(glyphs.size());
    (mixed ? logical(glyphs) : glyphs).forEach(glyph -> letters.addAll(Letter.of(glyph)));
    return letters;
  }

  private static boolean isGap(Glyph last, Glyph next, double wordGap) {
    double gap = next.left() - last.right();
    double least = Double.isNaN(wordGap) ? Math.max(last.gap(), next.gap()) : wordGap;
    return gap > least || (next.spaced() && gap > 0.05 * next.size());
  }

  private static Glyph gap(Glyph last, Glyph next) {
    Box from = last.box();
    Box to = next.box();
    Box box =
        switch (next.direction()) {
          case RIGHT -> between(from.right(), to.left(), from.bottom(), from.top(), true);
          case LEFT -> between(to.right(), from.left(), from.bottom(), from.top(), true);
          case UP -> between(from.top(), to.bottom(), from.left(), from.right(), false);
          case DOWN -> between(to.top(), from.bottom(), from.left(), from.right(), false);
        };
    return new Glyph(
        " ",
        last.right(),
        next.left(),
        last.top(),
        last.bottom(),
        last.baseline(),
        last.size(),
        last.gap(),
        last.bold(),
        last.fixed(),
        false,
        last.direction(),
        box);
  }

  private static Box between(float from, float to, float low, float high, boolean level) {
    float start = Math.min(from, to);
    float end = Math.max(from, to);
    return level ? new Box(start, low, end, high) : new Box(low, start, high, end);
  }

  /** What is seen from left to right, as it is read. */
  private List<Glyph> logical(List<Glyph> visual) {
    StringBuilder seen = new StringBuilder();
    visual.forEach(glyph -> seen.append(sample(glyph.text().codePointAt(0))));
    Bidi bidi =
        new Bidi(
            seen.toString(),
            rightToLeft ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_LEFT_TO_RIGHT);
    byte[] levels = new byte[visual.size()];
    Glyph[] glyphs = new Glyph[visual.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) bidi.getLevelAt(i);
      glyphs[i] = levels[i] % 2 == 1 ? mirrored(visual.get(i)) : visual.get(i);
    }
    Bidi.reorderVisually(levels, 0, glyphs, 0, glyphs.length);
    return List.of(glyphs);
  }

  private static char sample(int c) {
    return Character.charCount(c) == 1 ? (char) c : isRightToLeft(c) ? '\u05d0' : 'a';
  }

  private static Glyph mirrored(Glyph glyph) {
    int at = glyph.text().length() == 1 ? MIRRORED.indexOf(glyph.text()) : -1;
    return at < 0
        ? glyph
        : new Glyph(
            MIRRORED.substring(at ^ 1, (at ^ 1) + 1),
            glyph.left(),
            glyph.right(),
            glyph.top(),
            glyph.bottom(),
            glyph.baseline(),
            glyph.size(),
            glyph.gap(),
            glyph.bold(),
            glyph.fixed(),
            glyph.spaced(),
            glyph.direction(),
            glyph.box());
  }

  private static boolean isRightToLeft(List<Glyph> glyphs) {
    int right = 0;
    int left = 0;
    for (Glyph glyph : glyphs) {
      int c = glyph.text().codePointAt(0);
      right += isRightToLeft(c) ? 1 : 0;
      left += Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT ? 1 : 0;
    }
    return right > left;
  }

  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  int first() {
    return letters.getFirst().code();
  }

  int last() {
    return letters.getLast().code();
  }

  boolean isSized(double other) {
    return Math.abs(size - other) < 0.08 * Math.max(size, other);
  }
}
