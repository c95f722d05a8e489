package lectern.conversation;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * A reader's conversation.
 *
 * @param title null until the first question gives it one
 * @param sharing private, library or public; only the owner reads it whatever it says
 */
public record Conversation(
    UUID id,
    @Nullable String title,
    String sharing,
    int messageCount,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt) {

  /** The viewer's conversations, the last changed first. */
  public record ListOwn(UUID viewer, int limit, @Nullable String cursor) {
    public static final Address<ListOwn, Listing> ADDRESS =
        Address.of("conversation.list", ListOwn.class, Listing.class);
  }

  /** The viewer's conversations that quote a document, the last quoted first. */
  public record ListQuoting(UUID viewer, UUID mediaId, int limit, @Nullable String cursor) {
    public static final Address<ListQuoting, Listing> ADDRESS =
        Address.of("conversation.list_quoting", ListQuoting.class, Listing.class);
  }

  public record Listing(List<Conversation> conversations, @Nullable String nextCursor) {
    public Listing {
      conversations = List.copyOf(conversations);
    }
  }

  public record Create(UUID viewer) {
    public static final Address<Create, Conversation> ADDRESS =
        Address.of("conversation.create", Create.class, Conversation.class);
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Conversation> ADDRESS =
        Address.of("conversation.find", Find.class, Conversation.class);
  }

  public record Rename(UUID viewer, UUID id, String title) {
    public static final Address<Rename, Conversation> ADDRESS =
        Address.of("conversation.rename", Rename.class, Conversation.class);
  }

  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("conversation.delete", Delete.class, Nothing.class);
  }
}
