package lectern.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.UUID;

/**
 * What a sealed key belongs to. It is bound into the seal, so that a row copied to another user,
 * another provider or another address does not open there.
 */
record Owner(String text) {
  private static final String PREFIX = "lectern key 1\n";

  static Owner of(UUID user, String provider) {
    return new Owner(PREFIX + user + "\n" + provider);
  }

  /** A reader's own server: its key goes to this base URL and to no other. */
  static Owner of(UUID user, UUID connection, URI baseUrl) {
    return new Owner(PREFIX + user + "\nconnection\n" + connection + "\n" + baseUrl);
  }

  byte[] bytes() {
    return text.getBytes(UTF_8);
  }
}
