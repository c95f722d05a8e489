package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Lines of one column as paragraphs, by the space between them, their indents and their size. */
final class Paragraphs {
  private static final Pattern ITEM =
      Pattern.compile("^(?:[•‣▪■●○◦∙·–—*]|\\(?(?:\\d{1,3}|[a-zA-Z])[.)])\\s.*", Pattern.DOTALL);

  /** How much larger than most letters those of a title are. */
  static final double TITLE = 1.4;

  /** Dots in a row that lead from an entry to its page. */
  private static final int LEADER = 4;

  private final List<Line> lines;
  private final double body;
  private final double pitch;
  private final double left;
  private final double right;
  private final boolean hanging;

  private Paragraphs(List<Line> lines, double body) {
    this.lines = lines;
    this.body = body;
    this.pitch = pitch(lines);
    this.left = edge(lines);
    this.right = lines.stream().mapToDouble(line -> line.right).max().orElse(0);
    this.hanging = isHanging();
  }

  /**
   * @param body the size most letters of the document have
   */
  static List<Paragraph> of(List<Line> lines, double body) {
    return lines.isEmpty() ? List.of() : new Paragraphs(lines, body).all();
  }

  private List<Paragraph> all() {
    List<Paragraph> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (all.isEmpty() || begins(i, all.getLast())) {
        all.add(new Paragraph(lines.get(i)));
      } else {
        all.getLast().add(lines.get(i));
      }
    }
    return all;
  }

  private boolean begins(int i, Paragraph open) {
    Line line = lines.get(i);
    Line last = lines.get(i - 1);
    double step = line.baseline - last.baseline;
    double size = Math.max(line.size, last.size);
    if (leads(last)) {
      return true;
    }
    if (line.fixed && last.fixed) {
      return step > 2.2 * size || !line.isSized(last.size);
    }
    if (line.fixed != last.fixed) {
      return true;
    }
    if (isTitle(last, line)) {
      return false;
    }
    if (!line.isSized(last.size)
        || step > Math.max(1.3 * pitch, 1.05 * size) && step > 1.25 * pitch) {
      return true;
    }
    if (line.bold != last.bold && (open.lines.stream().allMatch(l -> l.bold) || line.bold)) {
      return true;
    }
    if (ITEM.matcher(Letter.text(line.letters.subList(0, Math.min(8, line.letters.size()))))
            .matches()
        && (last.right < right - 2 * size || open.hasEnded() || isItem(open))) {
      return true;
    }
    return line.rightToLeft
        ? indent(right - line.right, right - last.right, size, open, i)
        : indent(line.left - left, last.left - left, size, open, i);
  }

  /** Two lines of large letters in the middle of the page: a title that goes on. */
  private boolean isTitle(Line last, Line line) {
    double off = (last.left + last.right) / 2 - (line.left + line.right) / 2;
    return line.size > TITLE * body
        && line.isSized(last.size)
        && line.bold == last.bold
        && line.baseline - last.baseline < 1.6 * line.size
        && Math.abs(off) < 0.5 * line.size;
  }

  /** An entry of a table of contents or an index: dots, and where to look. */
  static boolean leads(Line line) {
    int dots = 0;
    for (int i = line.letters.size() - 1; i >= 0 && dots < LEADER; i--) {
      int c = line.letters.get(i).code();
      if (c == '.') {
        dots++;
      } else if (c != ' '
          && !(dots == 0 && (Character.isLetterOrDigit(c) || c == ',' || c == '-'))) {
        return false;
      } else if (dots > 0 && c != ' ') {
        return false;
      }
    }
    return dots == LEADER && Character.isLetterOrDigit(line.last());
  }

  private static boolean isItem(Paragraph open) {
    List<Letter> start = open.letters.subList(0, Math.min(8, open.letters.size()));
    return ITEM.matcher(Letter.text(start)).matches();
  }

  private boolean indent(double mine, double before, double size, Paragraph open, int i) {
    Line last = lines.get(i - 1);
    boolean indented = mine > before + 0.7 * size;
    boolean dedented = mine < before - 0.7 * size;
    boolean breaksOff =
        last.rightToLeft ? last.left > left + 6 * size : last.right < right - 6 * size;
    if (hanging) {
      return dedented && (open.lines.size() > 1 || open.hasEnded() || breaksOff);
    }
    if (indented) {
      return !isItem(open) || open.hasEnded();
    }
    if (dedented && open.lines.size() > 1) {
      return true;
    }
    return breaksOff && open.hasEnded();
  }

  /** Whether lines stand indented for the most part, and those at the edge begin something. */
  private boolean isHanging() {
    if (lines.size() < 4) {
      return false;
    }
    int atEdge = 0;
    int indented = 0;
    for (Line line : lines) {
      double indent = line.rightToLeft ? right - line.right : line.left - left;
      atEdge += indent < 0.5 * line.size ? 1 : 0;
      indented += indent > 0.7 * line.size && indent < 5 * line.size ? 1 : 0;
    }
    return indented > 0.55 * lines.size() && atEdge >= 2;
  }

  /** From line to line, for most lines. */
  private static double pitch(List<Line> lines) {
    double[] steps = new double[Math.max(1, lines.size() - 1)];
    steps[0] = 1.2 * lines.getFirst().size;
    for (int i = 1; i < lines.size(); i++) {
      steps[i - 1] = Math.max(0, lines.get(i).baseline - lines.get(i - 1).baseline);
    }
    Arrays.sort(steps);
    double middle = steps[(steps.length - 1) / 2];
    return Math.clamp(middle, 0.8 * lines.getFirst().size, 2.5 * lines.getFirst().size);
  }

  /** Where lines begin: the leftmost edge but for a stray one. */
  private static double edge(List<Line> lines) {
    double[] lefts = lines.stream().mapToDouble(line -> line.left).sorted().toArray();
    return lefts[lefts.length / 20];
  }
}
