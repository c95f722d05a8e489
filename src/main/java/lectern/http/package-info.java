/**
 * The API edge: JSON and event streams over HTTP, in the words of openapi.yaml. It validates what
 * comes in, asks the features over the bus, and turns their answers and refusals into envelopes. No
 * SQL, no cookies, no decisions.
 */
@NullMarked
package lectern.http;

import org.jspecify.annotations.NullMarked;
