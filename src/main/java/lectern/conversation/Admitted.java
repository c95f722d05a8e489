package lectern.conversation;

import java.util.List;
import lectern.models.Model;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;

/**
 * A send that nothing speaks against, before anything is written.
 *
 * @param question the content without the white space around it
 * @param ways how the model is asked, then those that may stand in for it, all with the same kind
 *     of key
 * @param reservedTokens held against the day's budget until the answer is settled
 * @param payloadHash what a replay under the same key must hash to; null without a key
 */
record Admitted(
    Send send,
    String question,
    Model model,
    List<Way> ways,
    List<Quoted> quoted,
    int reservedTokens,
    @Nullable String payloadHash) {

  /** platform, byok, or none where the model needs no key. */
  String keyModeUsed() {
    return ways.getFirst().keyModeUsed();
  }
}
