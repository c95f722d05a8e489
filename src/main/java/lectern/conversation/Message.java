package lectern.conversation;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * A question or an answer in a conversation.
 *
 * @param seq its number in the conversation, from 1; gaps are messages that were deleted
 * @param content of a failed answer, the text that had come; empty while one grows
 * @param status pending, complete or error
 * @param errorMessage a sentence for the reader that goes with {@code errorCode}
 * @param contexts what a question quotes, as far as the viewer may still see it
 * @param usage what an answer took; null for questions and while it grows
 * @param replacesMessageId the question whose place this question took
 * @param replacedByMessageId the question that took this question's place
 * @param setAside whether the conversation went on without it, because its turn or an earlier one
 *     was replaced
 */
public record Message(
    UUID id,
    UUID conversationId,
    int seq,
    String role,
    String content,
    String status,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable String finishReason,
    @Nullable UUID modelId,
    List<Context> contexts,
    @Nullable AnswerUsage usage,
    @Nullable UUID replacesMessageId,
    @Nullable UUID replacedByMessageId,
    boolean setAside,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt) {

  public Message {
    contexts = List.copyOf(contexts);
  }

  /** A page of a conversation, oldest first. */
  public record ListOf(
      UUID viewer, UUID conversationId, int limit, @Nullable String cursor, boolean fromNewest) {
    public static final Address<ListOf, Listing> ADDRESS =
        Address.of("message.list", ListOf.class, Listing.class);
  }

  public record Listing(
      List<Message> messages, @Nullable String nextCursor, @Nullable String previousCursor) {
    public Listing {
      messages = List.copyOf(messages);
    }
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Message> ADDRESS =
        Address.of("message.find", Find.class, Message.class);
  }

  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("message.delete", Delete.class, Nothing.class);
  }
}
