/**
 * Readers' own provider keys and their own model servers: sealed in the database, opened for one
 * call at a time, tested with the cheapest question a provider has. Nobody else holds the keys that
 * open them.
 */
@NullMarked
package lectern.keys;

import org.jspecify.annotations.NullMarked;
