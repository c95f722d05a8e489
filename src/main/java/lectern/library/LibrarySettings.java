package lectern.library;

import java.time.Duration;
import lectern.library.document.Format;

/**
 * How much may be brought in, and how it is worked on.
 *
 * @param maxUploadBytes the largest file accepted of any format
 * @param workers documents of this node parsed at the same time
 * @param sweep how often pending documents that nobody was told of are looked for
 * @param patience how long the reading of one document may take; less than the lease on it
 */
public record LibrarySettings(long maxUploadBytes, int workers, Duration sweep, Duration patience) {

  /** More text than in any book; reading it takes about ten times its size in memory. */
  static final long MAX_TEXT_BYTES = 16L << 20;

  static final long MAX_EPUB_BYTES = 50L << 20;

  public static final LibrarySettings DEFAULT =
      new LibrarySettings(100L << 20, 2, Duration.ofSeconds(5), Duration.ofMinutes(2));

  public LibrarySettings {
    if (maxUploadBytes < 1 || workers < 1 || sweep.toMillis() < 1 || patience.toMillis() < 1) {
      throw new IllegalArgumentException("Limits of the library are positive");
    }
  }

  /** The largest file accepted of a format. */
  long maxBytes(Format format) {
    long most =
        switch (format) {
          case TEXT, MARKDOWN, HTML -> MAX_TEXT_BYTES;
          case EPUB -> MAX_EPUB_BYTES;
          case PDF -> maxUploadBytes;
        };
    return Math.min(most, maxUploadBytes);
  }
}
