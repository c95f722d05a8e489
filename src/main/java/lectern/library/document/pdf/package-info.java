/**
 * PDF pages as text: glyphs in their places become lines, columns, paragraphs and headings in
 * reading order, and every code point keeps the box it stands in. What comes out is canonical text
 * like that of any other document.
 */
@NullMarked
package lectern.library.document.pdf;

import org.jspecify.annotations.NullMarked;
