package lectern.llm;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A server that can be asked, and how.
 *
 * @param provider the provider's name, lower case: openai, anthropic, gemini, local, extracts
 * @param baseUrl http or https up to and including the version, as the usual client libraries take
 *     it: {@code https://host/v1}; a bare host gets the version its dialect usually has
 * @param key sent to this base URL only, or null where none is needed
 * @param patience how long each part of an answer may take
 * @param keyHeader the header that carries the key
 * @param version the version of the wire format to name in a header, or null
 */
public record Connection(
    String provider,
    Dialect dialect,
    URI baseUrl,
    @Nullable Secret key,
    Patience patience,
    KeyHeader keyHeader,
    @Nullable String version) {

  public Connection {
    baseUrl = normal(baseUrl, dialect);
  }

  /** With the header and the version that are usual for the dialect there. */
  public Connection(
      String provider, Dialect dialect, URI baseUrl, @Nullable Secret key, Patience patience) {
    this(provider, dialect, baseUrl, key, patience, dialect.keyHeader(), dialect.version(baseUrl));
  }

  Connection with(Patience other) {
    return new Connection(provider, dialect, baseUrl, key, other, keyHeader, version);
  }

  /** The address of a path below the base URL. */
  URI at(String path) {
    return URI.create(baseUrl + "/" + path);
  }

  private static URI normal(URI url, Dialect dialect) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getQuery() != null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "a base URL is http or https with a host, no query and no user, as in https://host/v1");
    }
    String text = url.toString().replaceFirst("#.*", "").replaceFirst("/+$", "");
    return URI.create(url.getPath().replace("/", "").isEmpty() ? text + dialect.root() : text);
  }
}
