package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.List;

/** Letters that follow one another on a line without a wide gap. */
final class Run {
  final List<Glyph> glyphs = new ArrayList<>();
  double left = Double.MAX_VALUE;
  double right = -Double.MAX_VALUE;
  double top = Double.MAX_VALUE;
  double bottom = -Double.MAX_VALUE;

  Run(Glyph first) {
    add(first);
  }

  void add(Glyph glyph) {
    glyphs.add(glyph);
    left = Math.min(left, glyph.left());
    right = Math.max(right, glyph.right());
    top = Math.min(top, glyph.top());
    bottom = Math.max(bottom, glyph.bottom());
  }

  double width() {
    return right - left;
  }

  double middle() {
    return (top + bottom) / 2;
  }

  double size() {
    return glyphs.getFirst().size();
  }

  boolean isBeside(Run other) {
    return Glyph.beside(top, bottom, other.top, other.bottom) > 0.5;
  }

  /** Puts letters that were drawn one after the other into runs, in the order they were drawn. */
  static List<Run> of(List<Glyph> glyphs) {
    List<Run> runs = new ArrayList<>();
    for (Glyph glyph : glyphs) {
      if (!runs.isEmpty() && continues(runs.getLast().glyphs.getLast(), glyph)) {
        runs.getLast().add(glyph);
      } else {
        runs.add(new Run(glyph));
      }
    }
    return runs;
  }

  private static boolean continues(Glyph last, Glyph next) {
    double size = Math.max(last.size(), next.size());
    double gap = next.left() - last.right();
    return gap > -0.35 * size
        && gap < 0.65 * size
        && Glyph.beside(last.top(), last.bottom(), next.top(), next.bottom()) > 0.4;
  }
}
