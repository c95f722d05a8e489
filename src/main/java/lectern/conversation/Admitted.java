package lectern.conversation;

import java.util.List;
import java.util.stream.Stream;
import lectern.llm.Prompt;
import lectern.models.Model;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;

/**
 * A send that nothing speaks against, before anything is written.
 *
 * @param question the content without the white space around it
 * @param ways how the model is asked, then those that may stand in for it
 * @param prompt what the model is shown, but for the earlier turns
 * @param reservedTokens held against the day's budget until the answer is settled, and what earlier
 *     turns take besides
 * @param payloadHash what a replay under the same key must hash to; null without a key
 */
record Admitted(
    Send send,
    String question,
    Model model,
    List<Way> ways,
    List<Quoted> quoted,
    Prompt prompt,
    int reservedTokens,
    @Nullable String payloadHash) {

  /**
   * The ways that lead to a model which can read all of this; the chosen one is always among them,
   * because the prompt was cut for it. What it can remember is not cut for those that stand in.
   */
  List<Way> ways(Prompt prompt) {
    return Stream.concat(
            Stream.of(ways.getFirst()),
            ways.stream().skip(1).filter(way -> Prompts.fits(prompt, way.target().model(), model)))
        .toList();
  }

  /** platform, byok, or none where the model needs no key. */
  String keyModeUsed() {
    return ways.getFirst().keyModeUsed();
  }
}
