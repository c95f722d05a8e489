/**
 * What readers mark and write beside it: highlights, annotations, and the passages around them. The
 * server alone decides what text a highlight holds, from offsets into canonical text. {@link
 * lectern.reading.Quotes} is what a question quotes from here.
 */
@NullMarked
package lectern.reading;

import org.jspecify.annotations.NullMarked;
