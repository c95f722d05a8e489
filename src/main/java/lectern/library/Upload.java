package lectern.library;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way in. It is sent to the mailbox in chunks, one after the other, each answered
 * when it is stored; the sender waits for the answer, and that is the back-pressure. An upload that
 * is aborted, or silent for a minute, leaves nothing.
 *
 * @param mailbox the name that chunk, finish and abort are asked under: {@code ADDRESS.at(mailbox +
 *     ...)}, see {@link #chunks()}, {@link #finishes()}, {@link #aborts()}
 * @param chunkBytes the length of every chunk but the last
 * @param maxBytes the longest file accepted
 */
public record Upload(UUID id, String mailbox, int chunkBytes, long maxBytes) {

  /** The length of a stored chunk: small beside memory, large beside the cost of a statement. */
  public static final int CHUNK_BYTES = 256 * 1024;

  /** Where this upload's chunks go. */
  public Address<Chunk, Nothing> chunks() {
    return Chunk.ADDRESS.at(mailbox + ".chunk");
  }

  public Address<Finish, BroughtIn> finishes() {
    return Finish.ADDRESS.at(mailbox + ".finish");
  }

  public Address<Abort, Nothing> aborts() {
    return Abort.ADDRESS.at(mailbox + ".abort");
  }

  /**
   * Begins one.
   *
   * @param filename as the reader has it; its ending tells the format where the content does not
   * @param contentType as the sender claims it; may be empty
   * @param libraryId a library to put it into besides the default one
   */
  public record Begin(UUID viewer, String filename, String contentType, @Nullable UUID libraryId) {
    public static final Address<Begin, Upload> ADDRESS =
        Address.of("upload.begin", Begin.class, Upload.class);
  }

  /**
   * The next bytes.
   *
   * @param idx 0 for the first chunk, then one more each time
   * @param bytes 1 to {@link #CHUNK_BYTES}; not to be changed afterwards
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(UUID upload, int idx, byte[] bytes) {
    static final Address<Chunk, Nothing> ADDRESS =
        Address.of("upload.chunk", Chunk.class, Nothing.class).patience(Duration.ofSeconds(15));

    @Override
    public String toString() {
      return "Chunk[idx=%d, bytes=%d]".formatted(idx, bytes.length);
    }
  }

  /** The file is complete. */
  public record Finish(UUID upload) {
    static final Address<Finish, BroughtIn> ADDRESS =
        Address.of("upload.finish", Finish.class, BroughtIn.class);
  }

  /** The sender went away. */
  public record Abort(UUID upload) {
    static final Address<Abort, Nothing> ADDRESS =
        Address.of("upload.abort", Abort.class, Nothing.class);
  }
}
