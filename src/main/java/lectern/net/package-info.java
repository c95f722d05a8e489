/**
 * The one way out to addresses that people bring: {@link lectern.net.Guard} says which may be
 * asked, {@link lectern.net.GuardedClient} asks them, connected to the very address that was
 * checked, within bounds of bytes and time. It knows no feature.
 */
@NullMarked
package lectern.net;

import org.jspecify.annotations.NullMarked;
