package lectern.library.document.pdf;

import java.util.List;
import lectern.library.document.CanonicalText;

/**
 * A PDF that was read.
 *
 * @param title what it calls itself; empty when it does not, or not sensibly
 * @param author the same
 * @param pages all of them in order, also those without text
 */
public record PdfDocument(String title, String author, List<Page> pages, List<Bookmark> bookmarks) {

  public PdfDocument {
    pages = List.copyOf(pages);
    bookmarks = List.copyOf(bookmarks);
  }

  /** Whether there is any text; without it the pages are pictures only. */
  public boolean hasText() {
    return pages.stream().anyMatch(page -> !page.text().blocks().isEmpty());
  }

  /**
   * One page.
   *
   * @param label its number as the document counts, such as {@code iv}
   */
  public record Page(String label, CanonicalText text, PageLayout layout) {}

  /**
   * An entry of the outline.
   *
   * @param level 1 for the outermost
   * @param page index of its page
   * @param offset code points of that page's text before it
   */
  public record Bookmark(String title, int level, int page, int offset) {}
}
