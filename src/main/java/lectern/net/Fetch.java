package lectern.net;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * What is wanted of a web address.
 *
 * @param accept the header of that name
 * @param wanted which content types are read, in lower case without parameters; empty when the
 *     server does not say
 */
public record Fetch(WebAddress address, String accept, Predicate<String> wanted, Limits limits) {

  /**
   * How far it may go.
   *
   * @param bytes the largest body, packed and unpacked
   * @param total all of it, looking up names and following redirects included
   * @param silence between two packets
   * @param redirects how many are followed
   */
  public record Limits(long bytes, Duration total, Duration silence, int redirects) {}
}
