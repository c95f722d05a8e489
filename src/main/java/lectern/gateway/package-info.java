/**
 * The browser's door: the app, the session cookie, and the way through to the API. Knows HTTP only;
 * it could stand in front of an API on another machine.
 */
@NullMarked
package lectern.gateway;

import org.jspecify.annotations.NullMarked;
