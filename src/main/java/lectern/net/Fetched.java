package lectern.net;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param address where it came from, after redirects
 * @param contentType as the server said it, with parameters; null when it did not
 * @param bytes unpacked; empty unless the status is 200
 */
public record Fetched(WebAddress address, int status, @Nullable String contentType, byte[] bytes) {

  /** The content type without parameters, in lower case; empty when the server did not say. */
  public String type() {
    return type(contentType);
  }

  static String type(@Nullable String contentType) {
    return contentType == null
        ? ""
        : contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
  }
}
