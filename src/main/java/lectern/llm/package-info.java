/**
 * Language models: which there are, how each kind of server is spoken to, and how an answer comes
 * back piece by piece. It is given a prompt and an opened key; it knows no conversation, no user
 * and no database. {@link lectern.llm.LlmAddresses} lists what the rest of the server may ask.
 */
@NullMarked
package lectern.llm;

import org.jspecify.annotations.NullMarked;
