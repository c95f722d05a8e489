package lectern.gateway;

import java.net.URI;
import java.util.Optional;

/**
 * Where browsers come in, and where the API is.
 *
 * @param port 0 for a free one
 * @param publicUrl what browsers have in their address bar, when that is known; https makes the
 *     cookie Secure, and only that origin may then change anything
 * @param api scheme, host and port of the API
 * @param bodyBytes the longest body that is passed on
 */
public record GatewaySettings(
    String host, int port, Optional<URI> publicUrl, URI api, long bodyBytes) {
  boolean overTls() {
    return publicUrl.map(URI::getScheme).filter("https"::equals).isPresent();
  }
}
