package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import lectern.library.document.Block;
import lectern.library.document.BlockType;
import lectern.library.document.CanonicalText;
import lectern.library.document.ParsedDocument;
import lectern.library.document.pdf.PdfDocument.Bookmark;
import lectern.library.document.pdf.PdfDocument.Page;

/** The outline of a PDF without bookmarks: its headings, as far as there are enough of them. */
final class Headings {
  /** With fewer, the numbers of its pages are the better outline. */
  private static final int FEW = 3;

  private static final int MOST = 2_000;

  /** To a page; with more, what looks like a heading is something else. */
  private static final int MOST_PER_PAGE = 8;

  /** Words that often head nothing: they stand in the text again and again. */
  private static final int OFTEN = 3;

  private Headings() {}

  static List<Bookmark> of(List<Page> pages) {
    List<Bookmark> large = of(pages, BlockType.HEADING_3);
    List<Bookmark> found = large.size() < FEW ? of(pages, BlockType.HEADING_4) : large;
    boolean outline =
        found.size() >= FEW
            && found.size() <= MOST
            && found.size() <= (long) MOST_PER_PAGE * pages.size();
    return outline ? found : List.of();
  }

  private static List<Bookmark> of(List<Page> pages, BlockType smallest) {
    List<Bookmark> all = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < pages.size(); i++) {
      CanonicalText text = pages.get(i).text();
      for (Block block : text.blocks()) {
        if (block.type() != BlockType.PARAGRAPH && block.type().compareTo(smallest) <= 0) {
          String title = ParsedDocument.shortened(text.slice(block));
          if (isWorded(title)) {
            all.add(new Bookmark(title, block.type().ordinal(), i, block.start()));
            counts.merge(title, 1, Integer::sum);
          }
        }
      }
    }
    all.removeIf(mark -> counts.getOrDefault(mark.title(), 0) >= OFTEN);
    return levelled(all);
  }

  /** A word, and more letters than other signs: no formula. */
  private static boolean isWorded(String title) {
    long letters = title.codePoints().filter(Character::isLetter).count();
    long signs = title.codePoints().filter(c -> !Character.isWhitespace(c)).count();
    return letters * 2 > signs && title.matches("(?s).*\\p{L}{2}.*");
  }

  /** The largest headings there are become level 1, and so on. */
  private static List<Bookmark> levelled(List<Bookmark> marks) {
    List<Integer> levels = List.copyOf(new TreeSet<>(marks.stream().map(Bookmark::level).toList()));
    return marks.stream()
        .map(
            mark ->
                new Bookmark(
                    mark.title(), levels.indexOf(mark.level()) + 1, mark.page(), mark.offset()))
        .toList();
  }
}
