/** PostgreSQL: reaching it, migrating it, paging through it. Knows no feature. */
@NullMarked
package lectern.db;

import org.jspecify.annotations.NullMarked;
