package lectern.db;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which database is opened, and how widely.
 *
 * @param home the data directory, where the embedded server keeps everything of its own
 * @param url an outside server; absent for the embedded one
 * @param poolSize connections held open at most
 */
public record DatabaseSettings(Path home, Optional<URI> url, int poolSize) {
  /**
   * Measured best on two to four cores, with the core of an opening transaction: 8,570 a second,
   * against 7,320 with 32. Whole turns are in docs/benchmarks.md.
   */
  public static final int POOL_SIZE = 8;

  public DatabaseSettings {
    if (poolSize < 1) {
      throw new IllegalArgumentException("A pool has at least one connection");
    }
  }

  @Override
  public String toString() {
    return "DatabaseSettings[" + home + ", " + (url.isPresent() ? "outside" : "embedded") + "]";
  }
}
