package lectern.library.document;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Element;

/**
 * A leaf block while its words are gathered.
 *
 * <p>White space is held back until a word follows, so that it never stands at the end of a line
 * and never inside an element that ends or begins with it. Text is kept as runs of the same inline
 * elements until the end, because an accent may stand in another element than its letter: for the
 * canonical text and the HTML to agree, it joins its letter before either is normalised.
 */
final class Leaf {

  /**
   * Text within the same inline elements, or markup with the text it stands for.
   *
   * @param markup empty for plain text, which is then escaped
   */
  private record Run(String markup, StringBuilder text, List<Element> inlines) {
    boolean isText() {
      return markup.isEmpty();
    }
  }

  /** An id, and the run and the place in it where its element begins; maybe after one space. */
  private record Mark(String id, Run run, int offset, boolean spaced) {}

  private static final Run NONE = new Run(" ", new StringBuilder(), List.of());

  private final String tag;
  private final String opening;
  private final BlockType type;
  private final List<Run> runs = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private boolean spaceHeld;
  private boolean lineStart = true;
  private boolean worded;
  private boolean celled;

  Leaf(String tag, String opening, BlockType type) {
    this.tag = tag;
    this.opening = opening;
    this.type = type;
  }

  BlockType type() {
    return type;
  }

  boolean isRow() {
    return type == BlockType.TABLE_ROW;
  }

  boolean isVerbatim() {
    return type == BlockType.CODE;
  }

  /** Whether there is a word in it; without one it is not a block. */
  boolean hasWords() {
    return worded;
  }

  /** Whether there is anything to show. */
  boolean hasAnything() {
    return worded || runs.stream().anyMatch(run -> run.markup().startsWith("<img"));
  }

  void text(String source, List<Element> inlines) {
    if (isVerbatim()) {
      verbatim(source, inlines);
    } else {
      collapsed(source, inlines);
    }
  }

  private void collapsed(String source, List<Element> inlines) {
    for (int i = 0; i < source.length(); ) {
      int end = plainEnd(source, i);
      if (end > i) {
        releaseSpace(inlines);
        run(inlines).append(source, i, end);
        worded = true;
        lineStart = false;
        i = end;
        continue;
      }
      int c = source.codePointAt(i);
      i += Character.charCount(c);
      if (Characters.isSpace(c)) {
        spaceHeld = !lineStart;
      } else if (!Character.isISOControl(c)) {
        releaseSpace(inlines);
        word(c, inlines);
      }
    }
  }

  /** The end of the letters, digits and marks from here on that need no thought. */
  private static int plainEnd(String source, int from) {
    int end = from;
    while (end < source.length() && Characters.isPlain(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private void verbatim(String source, List<Element> inlines) {
    for (int i = 0; i < source.length(); ) {
      int c = source.codePointAt(i);
      i += Character.charCount(c);
      boolean pair = c == '\r' && i < source.length() && source.charAt(i) == '\n';
      if (c == '\n' || (c == '\r' && !pair)) {
        lineBreak(inlines);
      } else if (Characters.isSpace(c) && !pair) {
        run(inlines).append(c == '\t' ? '\t' : ' ');
      } else if (!Character.isISOControl(c)) {
        word(c, inlines);
      }
    }
  }

  private void word(int c, List<Element> inlines) {
    StringBuilder text = Characters.joinsBackwards(c) ? letter(inlines) : run(inlines);
    text.appendCodePoint(Characters.whole(c));
    worded = true;
    lineStart = false;
  }

  /** Where the letter is that an accent belongs to: the last words, pictures aside. */
  private StringBuilder letter(List<Element> inlines) {
    int i = runs.size() - 1;
    while (i >= 0 && runs.get(i).text().isEmpty()) {
      i--;
    }
    return i >= 0 && runs.get(i).isText() ? runs.get(i).text() : run(inlines);
  }

  /** A held space goes to the elements that both its neighbours are in. */
  private void releaseSpace(List<Element> inlines) {
    if (spaceHeld) {
      spaceHeld = false;
      Run last = last();
      if (last.isText() && last.inlines() == inlines) {
        last.text().append(' ');
        return;
      }
      List<Element> before = last.inlines();
      run(before.subList(0, shared(before, inlines))).append(' ');
    }
  }

  /** One newline, as text and, outside preformatted text, as an element. */
  void lineBreak(List<Element> inlines) {
    if (isVerbatim()) {
      if (worded) {
        run(inlines).append('\n');
      } else {
        runs.removeIf(Run::isText);
      }
    } else if (worded) {
      runs.add(new Run("<br>", new StringBuilder("\n"), inlines));
    }
    spaceHeld = false;
    lineStart = true;
  }

  /** A newline where a block begins or ends within, unless one was just there. */
  void boundary(List<Element> inlines) {
    if (!lineStart) {
      lineBreak(inlines);
    }
  }

  void image(String markup, List<Element> inlines) {
    releaseSpace(inlines);
    runs.add(new Run(markup, new StringBuilder(), inlines));
  }

  /** A cell of a row begins; cells are parted by tabs. */
  void cell(String markup) {
    if (celled) {
      runs.add(new Run("\t", new StringBuilder("\t"), List.of()));
    }
    celled = true;
    cellEdge(markup);
  }

  /** A cell of a row begins or ends, and with it a line. */
  void cellEdge(String markup) {
    runs.add(new Run(markup, new StringBuilder(), List.of()));
    spaceHeld = false;
    lineStart = true;
  }

  private Run last() {
    return runs.isEmpty() ? NONE : runs.getLast();
  }

  private StringBuilder run(List<Element> inlines) {
    Run last = last();
    if (last.isText() && (last.inlines() == inlines || last.inlines().equals(inlines))) {
      return last.text();
    }
    runs.add(new Run("", new StringBuilder(), inlines));
    return last().text();
  }

  /** Brings the runs into their final form. Nothing is added afterwards. */
  void finish() {
    dropTrailing();
    runs.removeIf(run -> run.isText() && run.text().isEmpty());
    settleMarks();
    runs.stream().filter(Run::isText).forEach(run -> normalise(run.text()));
  }

  /** Moves marks to where they are once their runs are in normal form, in one walk. */
  private void settleMarks() {
    Run run = NONE;
    boolean normal = true;
    int from = 0;
    int length = 0;
    for (int i = 0; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      if (mark.run() != run) {
        run = mark.run();
        normal = Normalizer.isNormalized(run.text(), Normalizer.Form.NFC);
        from = 0;
        length = 0;
      }
      if (!normal) {
        int to = Math.min(mark.offset(), run.text().length());
        length +=
            Normalizer.normalize(run.text().substring(from, to), Normalizer.Form.NFC).length();
        from = to;
        marks.set(i, new Mark(mark.id(), run, length, mark.spaced()));
      }
    }
  }

  /** Line breaks, tabs and spaces that no word follows; pictures and cells stay. */
  private void dropTrailing() {
    for (int i = runs.size() - 1; i >= 0; i--) {
      Run run = runs.get(i);
      if (run.isText()) {
        stripEnd(run.text());
        if (!run.text().isEmpty()) {
          return;
        }
      } else if (!run.text().isEmpty()) {
        runs.remove(i);
      }
    }
  }

  private static void stripEnd(StringBuilder text) {
    int end = text.length();
    while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
      end--;
    }
    text.setLength(end);
  }

  private static void normalise(StringBuilder text) {
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
      text.setLength(0);
      text.append(normal);
    }
  }

  /** Notes that an element with this id begins here. */
  void mark(String id) {
    Run last = last();
    marks.add(new Mark(id, last, last.text().length(), spaceHeld));
  }

  /** The ids that were noted. */
  List<String> marks() {
    return marks.stream().map(Mark::id).toList();
  }

  /** Where the ids are, this block beginning at {@code offset}. An id first come stays. */
  void writeMarks(Map<String, Integer> places, int offset) {
    if (marks.isEmpty()) {
      return;
    }
    Map<Run, Integer> starts = new IdentityHashMap<>();
    int end = offset;
    for (Run run : runs) {
      starts.put(run, end);
      end += run.text().codePointCount(0, run.text().length());
    }
    for (Mark mark : marks) {
      StringBuilder text = mark.run().text();
      int start = mark.run() == NONE ? offset : starts.getOrDefault(mark.run(), end);
      int within =
          starts.containsKey(mark.run())
              ? text.codePointCount(0, Math.min(mark.offset(), text.length()))
              : 0;
      int space = mark.spaced() ? 1 : 0;
      places.putIfAbsent(mark.id(), Math.min(start + within + space, end));
    }
  }

  /** The block's canonical text. */
  void writeText(StringBuilder out) {
    runs.forEach(run -> out.append(run.text()));
  }

  /** The block's HTML, its offset in it where it is a block of the text. */
  void writeHtml(StringBuilder out, int offset, Markup markup) {
    out.append(opening);
    if (worded) {
      out.setLength(out.length() - 1);
      out.append(" data-o=\"").append(offset).append("\">");
    }
    List<Element> open = List.of();
    for (Run run : runs) {
      open = move(out, open, run.inlines(), markup);
      if (run.isText()) {
        Markup.text(out, run.text());
      } else {
        out.append(run.markup()).append(run.markup().equals("<br>") ? "\n" : "");
      }
    }
    move(out, open, List.of(), markup);
    out.append("</").append(tag).append('>');
  }

  private static List<Element> move(
      StringBuilder out, List<Element> from, List<Element> to, Markup markup) {
    int shared = shared(from, to);
    for (int i = from.size() - 1; i >= shared; i--) {
      out.append("</").append(from.get(i).normalName()).append('>');
    }
    for (int i = shared; i < to.size(); i++) {
      out.append(markup.open(to.get(i).normalName(), to.get(i)));
    }
    return to;
  }

  private static int shared(List<Element> one, List<Element> other) {
    int shared = 0;
    while (shared < Math.min(one.size(), other.size()) && one.get(shared) == other.get(shared)) {
      shared++;
    }
    return shared;
  }
}
