package lectern.library;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;

/**
 * The original of a document as it was brought in. Its bytes are asked for one chunk at a time, so
 * that whoever hands them on takes them as fast as they are taken from there.
 *
 * @param version tells these bytes from all others the document ever had
 */
public record StoredFile(
    UUID mediaId, String filename, String contentType, long sizeBytes, String version) {

  /** The length of every chunk but the last. */
  public static final int CHUNK_BYTES = Upload.CHUNK_BYTES;

  /** E_MEDIA_NOT_FOUND where no original is stored, or the viewer may not read the document. */
  public record Find(UUID viewer, UUID mediaId) {
    public static final Address<Find, StoredFile> ADDRESS =
        Address.of("file.find", Find.class, StoredFile.class);
  }

  /**
   * One chunk of it.
   *
   * @param idx the bytes from {@code idx * CHUNK_BYTES} on
   */
  public record FindChunk(UUID viewer, UUID mediaId, int idx) {
    public static final Address<FindChunk, Chunk> ADDRESS =
        Address.of("file.chunk", FindChunk.class, Chunk.class).patience(Duration.ofSeconds(15));
  }

  /** Bytes of the original; not to be changed. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(byte[] bytes) {
    @Override
    public String toString() {
      return "Chunk[bytes=%d]".formatted(bytes.length);
    }
  }
}
