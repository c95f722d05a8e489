package lectern.llm;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an answer. The reply comes at once; the answer itself goes to the owner's mailbox as
 * {@link Report}s. Asked again with the same generation, while that is growing, it is the same
 * answer.
 *
 * @param generation names this attempt at an answer
 * @param owner the bus address of the mailbox, see {@link LlmAddresses#mailbox}
 * @param targets what may be asked, in this order: the model that was chosen, then those that may
 *     stand in for it while nothing has been said; no two with the same model and connection
 * @param place where the answer stands, for the log alone; or null
 */
public record Generate(
    UUID generation,
    String owner,
    Prompt prompt,
    List<Target> targets,
    Limits limits,
    @Nullable Place place) {

  /** The most models one question may go to. */
  public static final int MOST_TARGETS = 4;

  public Generate {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.size() > MOST_TARGETS) {
      throw new IllegalArgumentException("a question goes to 1 to 4 models");
    }
  }

  /** The conversation and the message an answer belongs to. */
  public record Place(UUID conversation, UUID message) {}

  /** One that stands nowhere. */
  public Generate(
      UUID generation, String owner, Prompt prompt, List<Target> targets, Limits limits) {
    this(generation, owner, prompt, targets, limits, null);
  }

  /** A question to one model and no other. */
  public Generate(
      UUID generation,
      String owner,
      Prompt prompt,
      ModelSpec model,
      @Nullable Secret key,
      Limits limits) {
    this(generation, owner, prompt, List.of(new Target(model, key, null)), limits);
  }

  /**
   * The answer is on its way.
   *
   * @param control the bus address that takes {@link Cancel}, see {@link LlmAddresses#control}
   */
  public record Accepted(String control) {}

  /** Stops an answer; one that has ended or was never known is left alone. */
  public record Cancel(UUID generation) {}
}
