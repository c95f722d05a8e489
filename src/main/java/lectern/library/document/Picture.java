package lectern.library.document;

/**
 * A picture of a document: real, decodable, and of a size that a page can show.
 *
 * @param name the first 32 hex digits of the SHA-256 of the bytes, and the format's ending
 * @param contentType {@code image/png}, {@code image/jpeg}, {@code image/gif} or {@code image/webp}
 * @param width in pixels
 */
@SuppressWarnings("ArrayRecordComponent")
public record Picture(String name, String contentType, int width, int height, byte[] bytes) {

  /** What stored HTML calls it. */
  public String source() {
    return "images/" + name;
  }

  @Override
  public String toString() {
    return "Picture[%s, %dx%d, bytes=%d]".formatted(name, width, height, bytes.length);
  }
}
