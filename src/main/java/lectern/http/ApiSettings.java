package lectern.http;

import java.time.Duration;

/**
 * Where the API listens.
 *
 * @param port 0 takes a free one
 * @param quiet how long a stream may say nothing before a comment keeps its connection alive
 */
public record ApiSettings(String host, int port, Duration quiet) {
  /** Well below the half minute or minute after which proxies give a silent connection up. */
  public static final Duration QUIET = Duration.ofSeconds(15);
}
