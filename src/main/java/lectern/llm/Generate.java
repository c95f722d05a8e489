package lectern.llm;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an answer. The reply comes at once; the answer itself goes to the owner's mailbox as
 * {@link Report}s. Asked again with the same generation, while that is growing, it is the same
 * answer.
 *
 * @param generation names this attempt at an answer
 * @param owner the bus address of the mailbox, see {@link LlmAddresses#mailbox}
 * @param key the asker's own key, or null to use the server's
 */
public record Generate(
    UUID generation,
    String owner,
    Prompt prompt,
    ModelSpec model,
    @Nullable Secret key,
    Limits limits) {

  /**
   * The answer is on its way.
   *
   * @param control the bus address that takes {@link Cancel}, see {@link LlmAddresses#control}
   */
  public record Accepted(String control) {}

  /** Stops an answer; one that has ended or was never known is left alone. */
  public record Cancel(UUID generation) {}
}
