/**
 * Conversations, their messages and contexts, and the send: admission, the two transactions around
 * the provider's call, and the answers that grow in between. The conversation's row is the lock
 * that puts sends in order; the generation's row says who owns an answer.
 */
@NullMarked
package lectern.conversation;

import org.jspecify.annotations.NullMarked;
