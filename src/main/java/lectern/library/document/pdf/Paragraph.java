package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Lines that belong together, joined into one text. */
final class Paragraph {
  private static final int HEADING_LETTERS = 200;
  private static final Pattern ENDED = Pattern.compile("[.!?:;…]['\"”’»)\\]]*$");

  final List<Line> lines = new ArrayList<>();
  final List<Letter> letters = new ArrayList<>();

  Paragraph(Line first) {
    lines.add(first);
    letters.addAll(first.letters);
  }

  /**
   * Adds a line. A hyphen at the end of the one before joins a word that goes on in small letters,
   * and goes; it stays where the next line goes on otherwise, where the word has another hyphen, or
   * where the page writes that word with its hyphen elsewhere. A soft hyphen always goes.
   *
   * @param hyphened words that stand on this page with a hyphen within a line
   */
  void add(Line line, Set<String> hyphened) {
    if (isCode()) {
      addCode(line);
      return;
    }
    int last = letters.getLast().code();
    boolean joined = false;
    if (last == 0xAD) {
      letters.removeLast();
      joined = true;
    } else if (isHyphen(last) && letters.size() > 1) {
      boolean word = Character.isLetter(letters.get(letters.size() - 2).code());
      joined = word && Character.isLetterOrDigit(line.first());
      if (joined && Character.isLowerCase(line.first()) && !isReal(line, hyphened)) {
        letters.removeLast();
      }
    }
    if (!joined) {
      letters.add(new Letter(' ', null));
    }
    letters.addAll(line.letters);
    lines.add(line);
  }

  /** Whether all of it is in letters of one width: lines and indents are kept as they are. */
  boolean isCode() {
    return lines.getFirst().fixed;
  }

  private void addCode(Line line) {
    letters.add(new Letter('\n', null));
    double step =
        line.letters.size() < 2 ? line.size * 0.6 : (line.right - line.left) / line.letters.size();
    long spaces = Math.round((line.left - lines.getFirst().left) / step);
    for (long i = Math.min(spaces, 80); i > 0; i--) {
      letters.add(new Letter(' ', null));
    }
    letters.addAll(line.letters);
    lines.add(line);
  }

  static boolean isHyphen(int c) {
    return c == '-' || c == 0x2010;
  }

  private boolean isReal(Line next, Set<String> hyphened) {
    int begin = letters.size() - 1;
    while (begin > 0 && !letters.get(begin - 1).isSpace()) {
      begin--;
    }
    String before = Letter.text(letters.subList(begin, letters.size() - 1));
    if (before.indexOf('-') >= 0 || before.indexOf(0x2010) >= 0) {
      return true;
    }
    int end = 0;
    while (end < next.letters.size() && Character.isLetter(next.letters.get(end).code())) {
      end++;
    }
    return hyphened.contains(word(before) + "-" + word(Letter.text(next.letters.subList(0, end))));
  }

  static String word(String text) {
    return text.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "").toLowerCase(Locale.ROOT);
  }

  boolean hasEnded() {
    int from = Math.max(0, letters.size() - 4);
    return ENDED.matcher(Letter.text(letters.subList(from, letters.size()))).find();
  }

  double size() {
    return lines.getFirst().size;
  }

  boolean rightToLeft() {
    return lines.stream().filter(line -> line.rightToLeft).count() * 2 > lines.size();
  }

  /**
   * Its element: a heading where it is short, larger than the text around it or all bold in a text
   * that is not, and does not end like a sentence.
   *
   * @param body the size most of the text has
   */
  String tag(double body, boolean bodyBold) {
    boolean brief = lines.size() <= 4 && letters.size() <= HEADING_LETTERS;
    boolean worded = letters.stream().filter(l -> Character.isLetter(l.code())).count() >= 2;
    if (isCode()) {
      return "pre";
    }
    if (!brief || !worded) {
      return "p";
    }
    double ratio = size() / body;
    if (ratio >= 1.8) {
      return "h1";
    }
    if (ratio >= 1.4) {
      return "h2";
    }
    if (ratio >= 1.14) {
      return "h3";
    }
    boolean bold = lines.stream().allMatch(line -> line.bold) && !bodyBold;
    return bold && ratio > 0.9 && lines.size() <= 2 && !hasEnded() ? "h4" : "p";
  }
}
