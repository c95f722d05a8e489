package lectern.reading;

import java.util.ArrayList;
import java.util.List;
import lectern.library.document.pdf.Box;
import lectern.library.document.pdf.PageLayout;
import org.jspecify.annotations.Nullable;

/** Passages of a page as quadrilaterals on it, and the other way round. */
final class Quads {
  /** Quadrilaterals that one highlight is painted in; what lies beyond is not painted. */
  static final int MOST = 1_000;

  private static final int NUMBERS = 8;

  private Quads() {}

  /**
   * From the first to the last letter whose centre lies in any of the quads, in reading order; null
   * when there is none.
   */
  static @Nullable Span span(PageLayout layout, List<Quad> quads) {
    List<@Nullable Box> boxes = layout.boxes();
    int first = -1;
    int last = -1;
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i);
      if (box != null && isIn(box, quads)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    return first < 0 ? null : new Span(first, last + 1);
  }

  private static boolean isIn(Box box, List<Quad> quads) {
    for (Quad quad : quads) {
      if (quad.isAround(box.centreX(), box.centreY())) {
        return true;
      }
    }
    return false;
  }

  /** The letters of a stretch of text, a quad for each line. */
  static List<Quad> of(PageLayout layout, int start, int end) {
    List<Quad> quads = new ArrayList<>();
    List<@Nullable Box> boxes = layout.boxes();
    Box line = null;
    Box last = null;
    for (int i = start; i < Math.min(end, boxes.size()) && quads.size() < MOST; i++) {
      Box box = boxes.get(i);
      if (box == null) {
        continue;
      }
      if (line == null || last == null) {
        line = box;
      } else if (isOnLine(last, box)) {
        line = around(line, box);
      } else {
        quads.add(quad(line));
        line = box;
      }
      last = box;
    }
    if (line != null && quads.size() < MOST) {
      quads.add(quad(line));
    }
    return quads;
  }

  /** Beside one another, or one on top of the other where a line runs up or down the page. */
  private static boolean isOnLine(Box last, Box next) {
    float wide = Math.max(last.width(), last.height());
    float gapX = gap(last.left(), last.right(), next.left(), next.right());
    float gapY = gap(last.bottom(), last.top(), next.bottom(), next.top());
    float least = Math.min(last.height(), next.height());
    float narrow = Math.min(last.width(), next.width());
    return (gapY <= -0.4f * least && gapX < 3 * wide)
        || (gapX <= -0.9f * narrow && last.width() == next.width() && gapY < 0.1f * wide);
  }

  /** The room between two stretches; below 0 where they overlap, by so much. */
  private static float gap(float from, float to, float otherFrom, float otherTo) {
    return Math.max(from, otherFrom) - Math.min(to, otherTo);
  }

  private static Box around(Box one, Box other) {
    return new Box(
        Math.min(one.left(), other.left()),
        Math.min(one.bottom(), other.bottom()),
        Math.max(one.right(), other.right()),
        Math.max(one.top(), other.top()));
  }

  private static Quad quad(Box box) {
    return Quad.of(box.left(), box.bottom(), box.right(), box.top());
  }

  /** Quads as they are stored. */
  static Float @Nullable [] stored(@Nullable List<Quad> quads) {
    if (quads == null) {
      return null;
    }
    Float[] numbers = new Float[quads.size() * NUMBERS];
    int i = 0;
    for (Quad q : quads) {
      for (float number :
          new float[] {q.x1(), q.y1(), q.x2(), q.y2(), q.x3(), q.y3(), q.x4(), q.y4()}) {
        numbers[i++] = number;
      }
    }
    return numbers;
  }

  static @Nullable List<Quad> read(Float @Nullable [] stored) {
    if (stored == null) {
      return null;
    }
    List<Quad> quads = new ArrayList<>(stored.length / NUMBERS);
    for (int i = 0; i + NUMBERS <= stored.length; i += NUMBERS) {
      quads.add(
          new Quad(
              stored[i],
              stored[i + 1],
              stored[i + 2],
              stored[i + 3],
              stored[i + 4],
              stored[i + 5],
              stored[i + 6],
              stored[i + 7]));
    }
    return List.copyOf(quads);
  }
}
