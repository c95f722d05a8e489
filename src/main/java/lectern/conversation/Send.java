package lectern.conversation;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.models.KeyMode;
import org.jspecify.annotations.Nullable;

/**
 * A question to be asked: the beginning of every answer.
 *
 * @param conversationId null begins a new conversation
 * @param replacesMessageId the viewer's earlier question in that conversation whose place this one
 *     takes; null for a question that follows the others
 * @param content the question as typed
 * @param contexts what it quotes; null takes over what the replaced question quotes
 * @param idempotencyKey 1 to 128 characters; repeating the send under it repeats its result
 */
public record Send(
    UUID viewer,
    @Nullable UUID conversationId,
    @Nullable UUID replacesMessageId,
    String content,
    UUID modelId,
    KeyMode keyMode,
    @Nullable List<Target> contexts,
    @Nullable String idempotencyKey) {

  /** Answered once the question is stored and its answer has begun to grow, or is there already. */
  public static final Address<Send, Opened> ADDRESS =
      Address.of("message.send", Send.class, Opened.class).patience(Duration.ofSeconds(10));

  public Send {
    if (contexts != null) {
      contexts = List.copyOf(contexts);
    } else if (replacesMessageId == null) {
      contexts = List.of();
    }
  }

  /** Something the question is to quote. */
  public record Target(ContextType type, UUID id) {}

  /** Lengths only: what a reader asks is never shown by accident. */
  @Override
  public String toString() {
    int quotes = contexts == null ? -1 : contexts.size();
    return "Send[content=%d, contexts=%d]".formatted(content.length(), quotes);
  }

  /**
   * A turn of the conversation that stands in the database.
   *
   * @param owner the bus address that grows the answer; null for a repeated send, whose answer may
   *     have ended long ago
   */
  public record Opened(
      UUID conversationId,
      UUID userMessageId,
      UUID assistantMessageId,
      UUID modelId,
      String provider,
      @Nullable String owner) {}
}
