package lectern.library.document.pdf;

import java.util.HashMap;
import java.util.Map;

/** What the pages of a document read so far tell about any one of them. */
final class Whole {
  private static final int MOST_SIZES = 1_000;
  private static final int MOST_EDGES = 20_000;

  /** Pages at whose head or foot the same words stand, for them to be no heading. */
  private static final int RUNNING = 3;

  private final Words words = new Words();
  private final Map<Double, Integer> sizes = new HashMap<>();
  private final Map<String, Integer> edges = new HashMap<>();

  void add(Piece piece) {
    words.add(piece.text(), piece.breaks());
    if (piece.edge() && edges.size() < MOST_EDGES) {
      edges.merge(withoutFigures(piece.text()), 1, Integer::sum);
    }
  }

  void add(Run run) {
    if (sizes.size() < MOST_SIZES) {
      sizes.merge(Math.round(run.size() * 4) / 4.0, run.glyphs.size(), Integer::sum);
    }
  }

  Words words() {
    return words;
  }

  /** The size most letters have. */
  double body() {
    return sizes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(10.0);
  }

  /** Whether these words stand at the head or the foot of page after page. */
  boolean isRunning(String text) {
    return edges.getOrDefault(withoutFigures(text), 0) >= RUNNING;
  }

  /** Page numbers and chapters count on. */
  private static String withoutFigures(String text) {
    return text.replaceAll("\\d+", "").strip();
  }
}
