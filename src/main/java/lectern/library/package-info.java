/**
 * What readers bring in and where they keep it: libraries and memberships, media with their
 * originals, and the fragments that ingestion makes of them. {@link lectern.library.Libraries} is
 * what other features call within their own transactions; everything else is asked over the bus.
 * How bytes become canonical text is pure and lives in {@code lectern.library.document}.
 */
@NullMarked
package lectern.library;

import org.jspecify.annotations.NullMarked;
