package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * The order in which the parts of a page are read: a heading across the page, then the left column,
 * then the right one, then what stands across the page below them.
 *
 * <p>A gutter is a strip that words leave free over several lines, with prose on both sides of it:
 * the cells of a table have gaps between them, too, but are read row by row. What crosses the strip
 * parts the page into bands, and each band is looked at by itself.
 */
final class Columns {
  /** Columns within columns; a page of more parts than that is no prose. */
  private static final int MAX_DEPTH = 5;

  private static final int CANDIDATES = 4;

  /** Lines that a column has at least. */
  private static final int LINES = 4;

  /** Free space around a table, in parts of the size of letters. */
  private static final double SPACE = 0.6;

  /** Letters of a table's cell, on the whole. */
  private static final double CELL = 16;

  private static final int MOST_ROWS = 60;

  private Columns() {}

  /** The page in parts that each are read line by line. */
  static List<List<Run>> inOrder(List<Run> runs) {
    List<List<Run>> parts = new ArrayList<>();
    split(runs, 0, parts);
    return parts;
  }

  private static void split(List<Run> runs, int depth, List<List<Run>> parts) {
    if (runs.isEmpty()) {
      return;
    }
    if (depth < MAX_DEPTH && runs.size() >= 2 * LINES) {
      for (Gutter gutter : gutters(runs)) {
        if (splitAt(gutter, runs, depth, parts)) {
          return;
        }
      }
    }
    parts.add(runs);
  }

  /** A strip without words, or with few. */
  private record Gutter(double left, double right, double crossed) {
    double middle() {
      return (left + right) / 2;
    }
  }

  /** Strips that the fewest lines cross, at some distance from either edge. */
  private static List<Gutter> gutters(List<Run> runs) {
    double left = runs.stream().mapToDouble(run -> run.left).min().orElse(0);
    double right = runs.stream().mapToDouble(run -> run.right).max().orElse(0);
    int cells = (int) Math.min(2_000, Math.max(1, (right - left) / 2));
    double cell = (right - left) / cells;
    if (!(cell > 0)) {
      return List.of();
    }
    double[] crossed = new double[cells + 1];
    for (Run run : runs) {
      int from = (int) Math.max(0, (run.left - left) / cell);
      int to = (int) Math.min(cells, (run.right - left) / cell);
      for (int i = from; i <= to; i++) {
        crossed[i] += run.bottom - run.top;
      }
    }
    List<Gutter> found = new ArrayList<>();
    for (int i = cells / 6; i < cells - cells / 6; ) {
      int end = i;
      while (end + 1 < cells && Math.abs(crossed[end + 1] - crossed[i]) < 1) {
        end++;
      }
      boolean dip = crossed[i] < crossed[Math.max(0, i - 1)] && crossed[i] < crossed[end + 1];
      if (dip) {
        found.add(new Gutter(left + i * cell, left + (end + 1) * cell, crossed[i]));
      }
      i = end + 1;
    }
    found.sort(
        Comparator.comparingDouble(Gutter::crossed)
            .thenComparing(gutter -> gutter.left() - gutter.right()));
    return found.subList(0, Math.min(CANDIDATES, found.size()));
  }

  private static boolean splitAt(Gutter gutter, List<Run> runs, int depth, List<List<Run>> parts) {
    double x = gutter.middle();
    List<Run> across = across(runs, x);
    List<Run> rest = new ArrayList<>(runs);
    rest.removeAll(new HashSet<>(across));
    rest.sort(Comparator.comparingDouble(Run::middle));
    List<List<Run>> order = new ArrayList<>();
    boolean any = false;
    int at = 0;
    List<Run> plain = new ArrayList<>();
    for (int i = 0; i <= across.size(); i++) {
      double end = i < across.size() ? across.get(i).middle() : Double.MAX_VALUE;
      List<Run> band = new ArrayList<>();
      while (at < rest.size() && rest.get(at).middle() < end) {
        band.add(rest.get(at++));
      }
      List<Run> table = table(band, x);
      plain.addAll(table);
      band.removeAll(new HashSet<>(table));
      List<Run> before = band.stream().filter(run -> run.right <= x).toList();
      List<Run> after = band.stream().filter(run -> run.left >= x).toList();
      if (isProse(before) && isProse(after) && areNeighbours(before, after)) {
        any = true;
        flush(plain, order, depth);
        split(before, depth + 1, order);
        split(after, depth + 1, order);
      } else {
        plain.addAll(band);
      }
      if (i < across.size()) {
        plain.add(across.get(i));
      }
    }
    if (any) {
      flush(plain, order, depth);
      parts.addAll(order);
    }
    return any;
  }

  /**
   * The rows of a table that stands over both columns at the top of a band: beside each other, with
   * free space below them that goes through both.
   */
  private static List<Run> table(List<Run> band, double x) {
    List<Run> sorted = new ArrayList<>(band);
    sorted.sort(Comparator.comparingDouble(run -> run.top));
    double bottom = -Double.MAX_VALUE;
    for (int i = 0; i < sorted.size(); i++) {
      Run run = sorted.get(i);
      if (i > 0 && run.top - bottom > SPACE * run.size()) {
        List<Run> above = sorted.subList(0, i);
        return isTable(above, x) ? above : List.of();
      }
      bottom = Math.max(bottom, run.bottom);
    }
    return List.of();
  }

  /** Two rows or more of short cells, each row with one on either side. */
  private static boolean isTable(List<Run> runs, double x) {
    List<Run> left = runs.stream().filter(run -> run.right <= x).toList();
    List<Run> right = runs.stream().filter(run -> run.left >= x).toList();
    boolean rows =
        left.stream().allMatch(run -> right.stream().anyMatch(run::isBeside))
            && right.stream().allMatch(run -> left.stream().anyMatch(run::isBeside));
    double letters = runs.stream().mapToInt(run -> run.glyphs.size()).average().orElse(0);
    long lines = right.stream().filter(run -> run.left == left(right)).count();
    return rows && lines >= 2 && lines <= MOST_ROWS && letters < CELL;
  }

  private static double left(List<Run> runs) {
    return runs.stream().mapToDouble(run -> run.left).min().orElse(0);
  }

  private static void flush(List<Run> plain, List<List<Run>> order, int depth) {
    split(List.copyOf(plain), depth + 1, order);
    plain.clear();
  }

  /** Runs that lie over the strip, and what stands on their lines beside them; top to bottom. */
  private static List<Run> across(List<Run> runs, double x) {
    List<Run> over =
        runs.stream()
            .filter(run -> run.left < x && run.right > x)
            .sorted(Comparator.comparingDouble(Run::middle))
            .toList();
    List<Run> all = new ArrayList<>(over);
    for (Run run : runs) {
      if (!(run.left < x && run.right > x) && isOnALine(run, over)) {
        all.add(run);
      }
    }
    all.sort(Comparator.comparingDouble(Run::middle));
    return all;
  }

  private static boolean isOnALine(Run run, List<Run> over) {
    int low = 0;
    int high = over.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (over.get(middle).middle() < run.top - run.size()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low; i < over.size() && over.get(i).middle() <= run.bottom + run.size(); i++) {
      Run other = over.get(i);
      double gap = Math.max(other.left - run.right, run.left - other.right);
      if (gap < 1.2 * run.size() && run.isBeside(other)) {
        return true;
      }
    }
    return false;
  }

  /** Lines of some length, one below the other, that fill their column. */
  private static boolean isProse(List<Run> runs) {
    if (runs.size() < LINES) {
      return false;
    }
    double left = runs.stream().mapToDouble(run -> run.left).min().orElse(0);
    double right = runs.stream().mapToDouble(run -> run.right).max().orElse(0);
    int lines = 0;
    int letters = 0;
    double filled = 0;
    Run last = null;
    for (Run run : runs) {
      if (last == null || !run.isBeside(last)) {
        lines++;
        last = run;
      }
      letters += run.glyphs.size();
      filled += run.width();
    }
    double fill = filled / (lines * Math.max(1, right - left));
    boolean text = lines >= LINES && letters >= 14 * lines && fill > 0.45;
    boolean index = lines >= 15 && letters >= 7 * lines && fill > 0.3;
    return text || index;
  }

  /** Beside each other for the most part of the lower one, so that one is not just below. */
  private static boolean areNeighbours(List<Run> before, List<Run> after) {
    double top = Math.max(top(before), top(after));
    double bottom = Math.min(bottom(before), bottom(after));
    double lower = Math.min(bottom(before) - top(before), bottom(after) - top(after));
    return bottom - top > 0.5 * lower;
  }

  private static double top(List<Run> runs) {
    return runs.stream().mapToDouble(run -> run.top).min().orElse(0);
  }

  private static double bottom(List<Run> runs) {
    return runs.stream().mapToDouble(run -> run.bottom).max().orElse(0);
  }
}
