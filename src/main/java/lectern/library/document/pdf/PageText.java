package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of a document, one after the other, from their letters to paragraphs. */
final class PageText {
  /** The part of a page at either end where heads and feet stand. */
  private static final double MARGIN = 0.13;

  private final Whole document;

  PageText(Whole document) {
    this.document = document;
  }

  /** Reads the next page of a document. */
  Draft read(List<Glyph> glyphs, float width, float height) {
    Map<Direction, List<Glyph>> byDirection = new EnumMap<>(Direction.class);
    for (Glyph glyph : glyphs) {
      byDirection.computeIfAbsent(glyph.direction(), d -> new ArrayList<>()).add(glyph);
    }
    List<List<Glyph>> groups = new ArrayList<>(byDirection.values());
    groups.sort(Comparator.comparingInt(group -> -group.size()));
    List<Piece> pieces = new ArrayList<>();
    List<@Nullable Box> boxes = new ArrayList<>(glyphs.size());
    groups.forEach(group -> read(group, pieces, boxes));
    pieces.forEach(document::add);
    return new Draft(List.copyOf(pieces), new PageLayout(width, height, boxes));
  }

  private void read(List<Glyph> glyphs, List<Piece> pieces, List<@Nullable Box> boxes) {
    List<Run> runs = Run.of(glyphs);
    runs.forEach(document::add);
    List<Run> head = edge(runs, true);
    runs.removeAll(new HashSet<>(head));
    List<Run> foot = edge(runs, false);
    runs.removeAll(new HashSet<>(foot));
    List<List<Line>> columns = new ArrayList<>();
    Columns.inOrder(runs).forEach(part -> columns.add(Line.of(part)));
    columns.removeIf(List::isEmpty);
    List<Line> all = columns.stream().flatMap(List::stream).toList();
    boolean bold = all.stream().filter(line -> line.bold).count() * 2 > all.size();
    edge(head, bold, pieces, boxes);
    for (Paragraph paragraph : paragraphs(columns, document.body())) {
      add(paragraph, bold, false, pieces, boxes);
    }
    edge(foot, bold, pieces, boxes);
  }

  private void edge(List<Run> runs, boolean bold, List<Piece> pieces, List<@Nullable Box> boxes) {
    Paragraphs.of(Line.of(runs), document.body())
        .forEach(one -> add(one, bold, true, pieces, boxes));
  }

  private static void add(
      Paragraph paragraph,
      boolean bold,
      boolean edge,
      List<Piece> pieces,
      List<@Nullable Box> boxes) {
    List<Letter> letters = clean(paragraph);
    if (!letters.isEmpty()) {
      pieces.add(Piece.of(paragraph, paragraph.role(bold), edge, letters));
      letters.forEach(letter -> boxes.add(letter.box()));
    }
  }

  /** A paragraph that has not ended at the foot of a column goes on at the head of the next. */
  private static List<Paragraph> paragraphs(List<List<Line>> columns, double body) {
    List<Paragraph> all = new ArrayList<>();
    for (List<Line> column : columns) {
      List<Paragraph> next = new ArrayList<>(Paragraphs.of(column, body));
      if (!all.isEmpty() && !next.isEmpty() && goesOn(all.getLast(), next.getFirst())) {
        next.removeFirst().lines.forEach(all.getLast()::add);
      }
      all.addAll(next);
    }
    return all;
  }

  private static boolean goesOn(Paragraph last, Paragraph next) {
    Line before = last.lines.getLast();
    return !last.hasEnded()
        && before.isSized(next.size())
        && before.bold == next.lines.getFirst().bold
        && last.lines.size() > 1
        && next.lines.getFirst().baseline < before.baseline
        && Character.isLowerCase(next.lines.getFirst().first());
  }

  /** The line at the head or the foot of a page that stands apart from all others. */
  private List<Run> edge(List<Run> runs, boolean head) {
    if (runs.size() < 2) {
      return List.of();
    }
    double top = runs.stream().mapToDouble(run -> run.top).min().orElse(0);
    double bottom = runs.stream().mapToDouble(run -> run.bottom).max().orElse(0);
    Comparator<Run> outermost =
        head
            ? Comparator.comparingDouble(run -> run.top)
            : Comparator.comparingDouble(run -> -run.bottom);
    Run first = runs.stream().min(outermost).orElseThrow();
    List<Run> line = runs.stream().filter(first::isBeside).toList();
    double inner =
        head
            ? line.stream().mapToDouble(run -> run.bottom).max().orElse(0)
            : line.stream().mapToDouble(run -> run.top).min().orElse(0);
    double next =
        head
            ? runs.stream().filter(r -> !line.contains(r)).mapToDouble(r -> r.top).min().orElse(top)
            : runs.stream()
                .filter(r -> !line.contains(r))
                .mapToDouble(r -> r.bottom)
                .max()
                .orElse(bottom);
    boolean apart = (head ? next - inner : inner - next) > 0.5 * first.size();
    boolean outside =
        head ? inner < top + MARGIN * (bottom - top) : inner > bottom - MARGIN * (bottom - top);
    boolean title = first.size() > Paragraphs.TITLE * document.body();
    return apart && outside && !title && line.size() <= 200 ? line : List.of();
  }

  /** Single spaces within, none at the ends, no soft hyphens, composed letters. */
  private static List<Letter> clean(Paragraph paragraph) {
    List<Letter> letters = paragraph.letters;
    if (paragraph.isCode()) {
      return Letter.normalised(
          letters.stream()
              .filter(letter -> letter.code() != 0xAD)
              .map(Letter::plainSpace)
              .toList());
    }
    List<Letter> out = new ArrayList<>(letters.size());
    boolean space = false;
    Box gap = null;
    for (Letter letter : Letter.normalised(letters)) {
      if (letter.isSpace()) {
        space = !out.isEmpty();
        gap = letter.box();
      } else if (letter.code() != 0xAD) {
        if (space) {
          out.add(new Letter(' ', gap));
          space = false;
        }
        out.add(letter);
      }
    }
    return Letter.normalised(out);
  }
}
