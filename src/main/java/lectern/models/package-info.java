/**
 * Which models a reader may ask, under which id, and with whose key: the catalogue, what an
 * administrator made of it, and the models of readers' own servers. It asks no model anything.
 */
@NullMarked
package lectern.models;

import org.jspecify.annotations.NullMarked;
