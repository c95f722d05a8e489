package lectern.conversation;

import java.util.UUID;
import lectern.bus.Address;

/** A turn that has ended, and its conversation, as they are stored: what a plain send answers. */
public record Sent(Conversation conversation, Message userMessage, Message assistantMessage) {

  /** Refuses with E_CONVERSATION_NOT_FOUND or E_MESSAGE_NOT_FOUND when any of it is gone. */
  public record Find(
      UUID viewer, UUID conversationId, UUID userMessageId, UUID assistantMessageId) {
    public static final Address<Find, Sent> ADDRESS =
        Address.of("message.sent", Find.class, Sent.class);
  }
}
