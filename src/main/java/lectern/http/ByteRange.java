package lectern.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that were asked for (RFC 9110, section 14).
 *
 * @param first the first of them
 * @param end the first after them
 */
record ByteRange(long first, long end) {
  private static final Pattern ONE =
      Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})", Pattern.CASE_INSENSITIVE);

  static ByteRange whole(long size) {
    return new ByteRange(0, size);
  }

  long length() {
    return end - first;
  }

  boolean isEmpty() {
    return end <= first;
  }

  /**
   * What a Range header means for a file of this size: null where it has no say, because it is not
   * understood or asks for several ranges at once; empty where it lies outside.
   */
  static @Nullable ByteRange of(@Nullable String header, long size) {
    Matcher given = header == null ? null : ONE.matcher(header.strip());
    if (given == null || !given.matches()) {
      return null;
    }
    String from = given.group(1);
    String to = given.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? null : new ByteRange(Math.max(0, size - Long.parseLong(to)), size);
    }
    long first = Long.parseLong(from);
    if (to.isEmpty()) {
      return new ByteRange(first, size);
    }
    long last = Long.parseLong(to);
    return last < first ? null : new ByteRange(first, Math.min(size, last + 1));
  }
}
