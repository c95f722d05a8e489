/**
 * People: their accounts, how they prove who they are, and the sessions their bearer tokens belong
 * to. Others ask over the bus, at {@link lectern.identity.IdentityAddresses}. Knows no library and
 * no browser.
 */
@NullMarked
package lectern.identity;

import org.jspecify.annotations.NullMarked;
