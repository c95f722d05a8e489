package lectern.library.document;

import org.jspecify.annotations.Nullable;

/**
 * One readable unit of a document, a fragment to be: an article, a chapter, a page.
 *
 * @param title what it is called, at most {@value ParsedDocument#MAX_TITLE} characters
 */
public record Part(@Nullable String title, CanonicalText text) {}
