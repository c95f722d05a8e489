package lectern.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request really comes from. The gateway, on this machine, says so in X-Forwarded-For; from
 * anywhere else that header is only a claim and is not believed.
 */
final class Clients {
  private Clients() {}

  static @Nullable String addressOf(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    String address = peer == null ? null : peer.hostAddress();
    String forwarded = request.getHeader("X-Forwarded-For");
    if (forwarded == null || !isHere(address)) {
      return address;
    }
    return forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
  }

  private static boolean isHere(@Nullable String address) {
    return address != null && (address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1"));
  }
}
