package lectern.reading;

import java.time.OffsetDateTime;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;

/** A reader's note beside a highlight. */
public record Annotation(
    UUID id, UUID highlightId, String body, OffsetDateTime createdAt, OffsetDateTime updatedAt) {

  /** The longest note, in code points. */
  public static final int MAX_BODY = 10_000;

  /** Writes the note of a highlight, in place of the one there is. */
  public record Put(UUID viewer, UUID highlightId, String body) {
    public static final Address<Put, Written> ADDRESS =
        Address.of("annotation.put", Put.class, Written.class);

    /** Lengths only: what a reader notes is never shown by accident. */
    @Override
    public String toString() {
      return "Put[body=%d]".formatted(body.length());
    }
  }

  /**
   * A note that was written.
   *
   * @param created whether there was none before
   */
  public record Written(Annotation annotation, boolean created) {}

  /** Removes the note of a highlight; also when there is none. */
  public record Delete(UUID viewer, UUID highlightId) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("annotation.delete", Delete.class, Nothing.class);
  }
}
