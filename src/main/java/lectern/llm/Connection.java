package lectern.llm;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
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
 * @param address the network address to connect to, whatever the host's name leads to; null to look
 *     the name up
 */
public record Connection(
    String provider,
    Dialect dialect,
    URI baseUrl,
    @Nullable Secret key,
    Patience patience,
    KeyHeader keyHeader,
    @Nullable String version,
    @Nullable String address) {

  public Connection {
    baseUrl = normal(baseUrl, dialect);
  }

  /** To where the host's name leads. */
  public Connection(
      String provider,
      Dialect dialect,
      URI baseUrl,
      @Nullable Secret key,
      Patience patience,
      KeyHeader keyHeader,
      @Nullable String version) {
    this(provider, dialect, baseUrl, key, patience, keyHeader, version, null);
  }

  /** With the header and the version that are usual for the dialect there. */
  public Connection(
      String provider, Dialect dialect, URI baseUrl, @Nullable Secret key, Patience patience) {
    this(provider, dialect, baseUrl, key, patience, dialect.keyHeader(), dialect.version(baseUrl));
  }

  Connection with(Patience other) {
    return new Connection(provider, dialect, baseUrl, key, other, keyHeader, version, address);
  }

  /** The same server at a network address that was checked before. */
  public Connection pinned(String checked) {
    return new Connection(provider, dialect, baseUrl, key, patience, keyHeader, version, checked);
  }

  /** A request to it that carries its key and goes nowhere else. */
  RequestOptions request(HttpMethod method, URI uri) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(uri.toString())
            .setFollowRedirects(false);
    if (address != null) {
      int usual = "https".equals(uri.getScheme()) ? 443 : 80;
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      options.setServer(SocketAddress.inetSocketAddress(port, address));
    }
    if (key != null) {
      options.putHeader(keyHeader.word(), keyHeader.carrying(key));
    }
    return version == null ? options : options.putHeader("anthropic-version", version);
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
    boolean bare = url.getPath().replace("/", "").isEmpty();
    if (!bare && !url.getPath().endsWith("/") && url.getFragment() == null) {
      return url;
    }
    String text = url.toString().replaceFirst("#.*", "").replaceFirst("/+$", "");
    return URI.create(bare ? text + dialect.root() : text);
  }
}
