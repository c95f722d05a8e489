package lectern.library.document;

import lectern.library.document.pdf.PageLayout;
import org.jspecify.annotations.Nullable;

/**
 * One readable unit of a document, a fragment to be: an article, a chapter, a page.
 *
 * @param title what it is called, at most {@value ParsedDocument#MAX_TITLE} characters
 * @param layout where its letters stand, of a page that has a look of its own
 */
public record Part(@Nullable String title, CanonicalText text, @Nullable PageLayout layout) {

  public Part(@Nullable String title, CanonicalText text) {
    this(title, text, null);
  }
}
