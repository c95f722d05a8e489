package lectern.conversation;

import java.time.Duration;
import java.util.UUID;
import lectern.conversation.Turns.Closing;
import lectern.llm.Outcome.Receipt;

/** An end that an owner would write that does not know yet that it was given up. */
final class TestingClosing {
  private TestingClosing() {}

  static Closing of(UUID messageId) {
    Model model =
        new Model(UUID.randomUUID(), "openai", "gpt-test", "Test", 1000, 1000, true, null);
    Receipt receipt = new Receipt(null, null, null, null, Duration.ofSeconds(1));
    return new Closing(
        messageId, 1, model, KeyMode.AUTO, "platform", "late", null, "stop", 0, receipt);
  }
}
