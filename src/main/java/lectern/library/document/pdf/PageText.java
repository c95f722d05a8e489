package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lectern.library.document.Block;
import lectern.library.document.CanonicalText;
import org.jspecify.annotations.Nullable;

/** One page from its letters to canonical text, with the box of every code point. */
final class PageText {
  /** The part of a page at either end where heads and feet stand. */
  private static final double MARGIN = 0.13;

  private final Map<Double, Integer> sizes = new HashMap<>();

  /** A page's text and its boxes, one for each code point of the text. */
  record Read(CanonicalText text, List<@Nullable Box> boxes) {}

  private record Piece(String tag, boolean rightToLeft, List<Letter> letters) {}

  /** Reads the next page of a document; the sizes of letters so far tell what a heading is. */
  Read read(List<Glyph> glyphs) {
    Map<Direction, List<Glyph>> byDirection = new EnumMap<>(Direction.class);
    for (Glyph glyph : glyphs) {
      byDirection.computeIfAbsent(glyph.direction(), d -> new ArrayList<>()).add(glyph);
    }
    List<List<Glyph>> groups = new ArrayList<>(byDirection.values());
    groups.sort(Comparator.comparingInt(group -> -group.size()));
    List<Piece> pieces = new ArrayList<>();
    groups.forEach(group -> pieces.addAll(pieces(group)));
    return read(pieces.toArray(Piece[]::new));
  }

  private List<Piece> pieces(List<Glyph> glyphs) {
    List<Run> runs = Run.of(glyphs);
    List<Run> head = edge(runs, true);
    runs.removeAll(new HashSet<>(head));
    List<Run> foot = edge(runs, false);
    runs.removeAll(new HashSet<>(foot));
    List<List<Line>> columns = new ArrayList<>();
    columns.add(Line.of(head));
    Columns.inOrder(runs).forEach(part -> columns.add(Line.of(part)));
    columns.add(Line.of(foot));
    columns.removeIf(List::isEmpty);
    List<Line> all = columns.stream().flatMap(List::stream).toList();
    Set<String> hyphened = Paragraphs.hyphened(all);
    all.forEach(this::count);
    double body = body();
    boolean bold = all.stream().filter(line -> line.bold).count() * 2 > all.size();
    List<Piece> pieces = new ArrayList<>();
    for (Paragraph paragraph : paragraphs(columns, hyphened)) {
      pieces.add(new Piece(paragraph.tag(body, bold), paragraph.rightToLeft(), clean(paragraph)));
    }
    pieces.removeIf(piece -> piece.letters().isEmpty());
    return pieces;
  }

  /** A paragraph that has not ended at the foot of a column goes on at the head of the next. */
  private static List<Paragraph> paragraphs(List<List<Line>> columns, Set<String> hyphened) {
    List<Paragraph> all = new ArrayList<>();
    for (List<Line> column : columns) {
      List<Paragraph> next = new ArrayList<>(Paragraphs.of(column, hyphened));
      if (!all.isEmpty() && !next.isEmpty() && goesOn(all.getLast(), next.getFirst())) {
        next.removeFirst().lines.forEach(line -> all.getLast().add(line, hyphened));
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

  private void count(Line line) {
    if (sizes.size() < 1_000) {
      sizes.merge(Math.round(line.size * 4) / 4.0, line.letters.size(), Integer::sum);
    }
  }

  private double body() {
    return sizes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(10.0);
  }

  /** The line at the head or the foot of a page that stands apart from all others. */
  private static List<Run> edge(List<Run> runs, boolean head) {
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
    return apart && outside && line.size() <= 200 ? line : List.of();
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

  private static Read read(Piece[] pieces) {
    StringBuilder html = new StringBuilder();
    for (Piece piece : pieces) {
      html.append('<').append(piece.tag()).append(piece.rightToLeft() ? " dir=\"rtl\">" : ">");
      Letter.text(piece.letters())
          .codePoints()
          .forEach(
              c -> html.append(c == '&' ? "&amp;" : c == '<' ? "&lt;" : Character.toString(c)));
      html.append("</").append(piece.tag()).append('>');
    }
    CanonicalText text = CanonicalText.of(html.toString(), "");
    return new Read(text, boxes(text, pieces));
  }

  /** Blocks are the pieces that were written, one for one; where one is not, it has no boxes. */
  private static List<@Nullable Box> boxes(CanonicalText text, Piece[] pieces) {
    List<@Nullable Box> boxes = new ArrayList<>();
    List<Block> blocks = text.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (blocks.size() == pieces.length
          && text.slice(block).equals(Letter.text(pieces[i].letters()))) {
        pieces[i].letters().forEach(letter -> boxes.add(letter.box()));
      }
      while (boxes.size() < block.end()) {
        boxes.add(null);
      }
    }
    return boxes;
  }
}
