package lectern.conversation;

import java.util.List;
import java.util.UUID;
import lectern.conversation.Turns.Closing;
import lectern.models.KeyMode;

/** An end that an owner would write that does not know yet that it was given up. */
final class TestingClosing {
  private TestingClosing() {}

  static Closing of(UUID messageId) {
    AnswerUsage usage =
        new AnswerUsage(
            "openai",
            "gpt-test",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            1_000,
            null,
            KeyMode.AUTO,
            "platform",
            null,
            Prompts.VERSION,
            null,
            List.of());
    return new Closing(messageId, 1, "late", null, "stop", 0, usage);
  }
}
