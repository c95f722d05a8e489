/** What the program says about itself: scoped log lines and metrics. Knows no feature. */
@NullMarked
package lectern.telemetry;

import org.jspecify.annotations.NullMarked;
