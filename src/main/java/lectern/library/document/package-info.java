/**
 * Documents as pure values: bytes in, sanitised HTML and canonical text out, with the place of
 * every leaf block. Knows no database, no bus and no network. Whatever makes text out of a file
 * ends here, so that offsets mean the same for every kind of document.
 */
@NullMarked
package lectern.library.document;

import org.jspecify.annotations.NullMarked;
