package lectern.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * The app, from {@code webroot/} on the class path. Files are kept in memory once asked for, as
 * they are and compressed: a few megabytes, bounded by what was built. What is under {@code
 * assets/} has its hash in its name and never changes; any address that is no file is a screen of
 * the app.
 */
final class WebApp {
  private static final String ROOT = "webroot";
  private static final String INDEX = "/index.html";
  private static final String FOREVER = "public, max-age=31536000, immutable";

  private final Vertx vertx;
  private final Map<String, Asset> kept = new ConcurrentHashMap<>();

  WebApp(Vertx vertx) {
    this.vertx = vertx;
  }

  void serve(RoutingContext ctx) {
    HttpMethod method = ctx.request().method();
    if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
      ctx.fail(new Refusal(Code.E_METHOD_NOT_ALLOWED, "This address does not know that method."));
      return;
    }
    String path = ctx.normalizedPath();
    boolean asset = path.startsWith("/assets/");
    find(path)
        .compose(found -> found.isPresent() || asset ? Future.succeededFuture(found) : find(INDEX))
        .onSuccess(found -> respond(ctx, found, asset))
        .onFailure(ctx::fail);
  }

  private static void respond(RoutingContext ctx, Optional<Asset> found, boolean asset) {
    if (found.isEmpty()) {
      ctx.fail(new Refusal(Code.E_NOT_FOUND, "There is nothing at this address."));
      return;
    }
    Asset file = found.get();
    HttpServerResponse response = ctx.response();
    response.putHeader(HttpHeaders.CACHE_CONTROL, asset ? FOREVER : "no-cache");
    response.putHeader(HttpHeaders.ETAG, file.etag());
    response.putHeader(HttpHeaders.VARY, "accept-encoding");
    if (file.etag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    Buffer body = file.bytes();
    String accepted = ctx.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (file.gzipped().isPresent() && accepted != null && accepted.contains("gzip")) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
      body = file.gzipped().get();
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    if (ctx.request().method() == HttpMethod.HEAD) {
      response.end();
    } else {
      response.end(body);
    }
  }

  private Future<Optional<Asset>> find(String path) {
    Asset known = kept.get(path);
    if (known != null) {
      return Future.succeededFuture(Optional.of(known));
    }
    if (!path.matches(
        "(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/[A-Za-z0-9_-][A-Za-z0-9_-]*\\.[A-Za-z0-9._-]+")) {
      return Future.succeededFuture(Optional.empty());
    }
    return vertx.executeBlocking(() -> read(path), false);
  }

  private Optional<Asset> read(String path) throws IOException {
    try (InputStream file = WebApp.class.getResourceAsStream("/" + ROOT + path)) {
      if (file == null) {
        return Optional.empty();
      }
      Asset asset = Asset.of(file.readAllBytes(), type(path));
      kept.put(path, asset);
      return Optional.of(asset);
    }
  }

  private static String type(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    return switch (extension) {
      case "html" -> "text/html; charset=utf-8";
      case "js", "mjs" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "wasm" -> "application/wasm";
      case String other -> {
        String known = MimeMapping.mimeTypeForExtension(other);
        yield known == null ? "application/octet-stream" : known;
      }
    };
  }

  private record Asset(Buffer bytes, Optional<Buffer> gzipped, String etag, String type) {
    static Asset of(byte[] bytes, String type) throws IOException {
      byte[] small = gzip(bytes);
      boolean worth = small.length < bytes.length * 9L / 10;
      return new Asset(
          Buffer.buffer(bytes),
          worth ? Optional.of(Buffer.buffer(small)) : Optional.empty(),
          '"' + hash(bytes) + '"',
          type);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
      ByteArrayOutputStream small = new ByteArrayOutputStream();
      try (GZIPOutputStream zipper = new GZIPOutputStream(small)) {
        zipper.write(bytes);
      }
      return small.toByteArray();
    }

    private static String hash(byte[] bytes) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return HexFormat.of().formatHex(digest, 0, 16);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("Every Java has SHA-256", impossible);
      }
    }
  }
}
