package lectern.library;

import java.util.UUID;
import lectern.bus.Address;

/**
 * A stored picture of a document. Its name is made of its bytes, so it never changes.
 *
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Image(String name, String contentType, byte[] bytes) {

  @Override
  public String toString() {
    return "Image[%s, bytes=%d]".formatted(name, bytes.length);
  }

  public record Find(UUID viewer, UUID mediaId, String name) {
    public static final Address<Find, Image> ADDRESS =
        Address.of("image.find", Find.class, Image.class);
  }
}
