/**
 * The sweeps that put right what crashes left behind. Each feature brings its own; this package
 * runs them.
 */
@NullMarked
package lectern.janitor;

import org.jspecify.annotations.NullMarked;
