package lectern.library;

import java.time.OffsetDateTime;
import java.util.UUID;
import lectern.bus.Address;
import org.jspecify.annotations.Nullable;

/** Where a reader is in a document, and when it was last open. */
public record Position(
    UUID mediaId, @Nullable UUID fragmentId, int textOffset, OffsetDateTime lastOpenedAt) {

  /** Where the viewer was. */
  public record Find(UUID viewer, UUID mediaId) {
    public static final Address<Find, Found> ADDRESS =
        Address.of("position.find", Find.class, Found.class);
  }

  /** The position; null before the document was first opened. */
  public record Found(@Nullable Position position) {}

  /** Remembers where the viewer is, and that the document is open. */
  public record Put(UUID viewer, UUID mediaId, UUID fragmentId, int textOffset) {
    public static final Address<Put, Position> ADDRESS =
        Address.of("position.put", Put.class, Position.class);
  }
}
