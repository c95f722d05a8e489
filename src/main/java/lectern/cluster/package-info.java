/** Which node this is, and that it is alive. */
@NullMarked
package lectern.cluster;

import org.jspecify.annotations.NullMarked;
