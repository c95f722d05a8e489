package lectern.library;

import java.time.Duration;

/**
 * How much may be brought in, and how it is worked on.
 *
 * @param maxUploadBytes the largest file accepted
 * @param workers documents of this node parsed at the same time
 * @param sweep how often pending documents that nobody was told of are looked for
 */
public record LibrarySettings(long maxUploadBytes, int workers, Duration sweep) {

  /**
   * 16 MiB of text is more than any book; parsing takes about ten times a file's size in memory.
   */
  public static final LibrarySettings DEFAULT =
      new LibrarySettings(16L << 20, 2, Duration.ofSeconds(5));

  public LibrarySettings {
    if (maxUploadBytes < 1 || workers < 1 || sweep.toMillis() < 1) {
      throw new IllegalArgumentException("Limits of the library are positive");
    }
  }
}
