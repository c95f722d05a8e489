package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.List;
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
   * Adds a line. A hyphen at the end of the one before joins its word to the next line's. Where
   * that goes on in small letters the hyphen may go, which is for the whole document to say; a soft
   * hyphen always goes.
   */
  void add(Line line) {
    if (isCode()) {
      addCode(line);
      return;
    }
    Letter last = letters.getLast();
    boolean joined = false;
    if (last.code() == 0xAD) {
      letters.removeLast();
      joined = true;
    } else if (isHyphen(last.code()) && letters.size() > 1) {
      boolean word = Character.isLetter(letters.get(letters.size() - 2).code());
      joined = word && Character.isLetterOrDigit(line.first());
      if (joined && Character.isLowerCase(line.first())) {
        letters.set(letters.size() - 1, last.breaking());
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

  private static boolean isHyphen(int c) {
    return c == '-' || c == 0x2010;
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
   * What it may be: a heading where it is short and does not end like a sentence.
   *
   * @param bodyBold whether most of its page is bold
   */
  Piece.Role role(boolean bodyBold) {
    boolean brief = lines.size() <= 4 && letters.size() <= HEADING_LETTERS;
    boolean worded = letters.stream().filter(l -> Character.isLetter(l.code())).count() >= 2;
    if (isCode()) {
      return Piece.Role.CODE;
    }
    if (!brief || !worded || Paragraphs.leads(lines.getFirst())) {
      return Piece.Role.PROSE;
    }
    boolean bold = lines.stream().allMatch(line -> line.bold) && !bodyBold;
    return bold && lines.size() <= 2 && !hasEnded() ? Piece.Role.BOLD : Piece.Role.BRIEF;
  }
}
