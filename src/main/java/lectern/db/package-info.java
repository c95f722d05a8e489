/**
 * The one PostgreSQL: a server of our own in the data directory or one from outside, its schema,
 * and the pool. Stores of the features take a connection from here. Knows no feature.
 */
@NullMarked
package lectern.db;

import org.jspecify.annotations.NullMarked;
