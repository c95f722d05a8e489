package lectern.http;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.conversation.Message;
import lectern.conversation.Watch.Standing;

/** Where an answer stands: growing at an owner, or ended with all of its text. */
final class TestingStanding {
  private TestingStanding() {}

  static Standing growing(UUID message, String owner) {
    return new Standing(message(message, "pending", "", null), "openai", owner, 1);
  }

  static Standing ended(UUID message, String content) {
    return new Standing(message(message, "complete", content, "stop"), "openai", null, 1);
  }

  private static Message message(UUID id, String status, String content, String finishReason) {
    OffsetDateTime now = OffsetDateTime.now();
    return new Message(
        id,
        UUID.randomUUID(),
        2,
        "assistant",
        content,
        status,
        null,
        null,
        finishReason,
        null,
        List.of(),
        null,
        null,
        null,
        false,
        now,
        now);
  }
}
