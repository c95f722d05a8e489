package lectern.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A send that nothing speaks against, before anything is written.
 *
 * @param question the content without the white space around it
 * @param keyModeUsed platform, byok, or none where the model needs no key
 * @param reservedTokens held against the day's budget until the answer is settled
 * @param payloadHash what a replay under the same key must hash to; null without a key
 */
record Admitted(
    Send send,
    String question,
    Model model,
    String keyModeUsed,
    List<Quoted> quoted,
    int reservedTokens,
    @Nullable String payloadHash) {}
