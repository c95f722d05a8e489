package lectern.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import lectern.net.FetchFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that were packed for the way. Unpacked after they came, not while they come: one packet of
 * a few kilobytes can hold thousand times as much, and here it stops at the limit.
 */
final class Unpacking {
  private Unpacking() {}

  /** The bytes themselves, at most so many. */
  static byte[] of(byte[] packed, @Nullable String packing, int most) {
    String how = packing == null ? "" : packing.strip().toLowerCase(Locale.ROOT);
    return switch (how) {
      case "", "identity" -> packed;
      case "gzip", "x-gzip" -> gunzip(packed, most);
      default ->
          throw new FetchFailure(Kind.BROKEN, "The server packed its answer in an unknown way.");
    };
  }

  private static byte[] gunzip(byte[] packed, int most) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw new FetchFailure(Kind.BROKEN, "The server's answer broke off or is damaged.");
    }
  }

  static FetchFailure tooLarge() {
    return new FetchFailure(Kind.TOO_LARGE, "What is at this address is too large.");
  }
}
