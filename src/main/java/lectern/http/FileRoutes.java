package lectern.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.StoredFile;
import org.jspecify.annotations.Nullable;

/** Originals over HTTP: whole or a range of them, one chunk in memory at a time. */
final class FileRoutes {
  /** How long a client may take to accept one chunk before its connection is cut. */
  private static final long STUCK_SECONDS = 60;

  private final Bus bus;

  FileRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> download(Call call) {
    return bus.ask(
            StoredFile.Find.ADDRESS, new StoredFile.Find(call.viewerId(), call.id("media_id")))
        .compose(file -> answer(call, file));
  }

  private Future<Answer> answer(Call call, StoredFile file) {
    HttpServerResponse response = call.response();
    String tag = '"' + file.version() + '"';
    if (isHeld(call.textOrNull("If-None-Match"), tag)) {
      head(response.setStatusCode(304), file, tag).end();
      return Future.succeededFuture(new Answer.Streaming());
    }
    ByteRange asked = asked(call, file, tag);
    if (asked != null && asked.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.sizeBytes());
      throw new Refusal(Code.E_RANGE_NOT_SATISFIABLE, "The file ends before these bytes.");
    }
    ByteRange range = asked == null ? ByteRange.whole(file.sizeBytes()) : asked;
    head(response, file, tag)
        .putHeader(HttpHeaders.CONTENT_TYPE, file.contentType())
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()))
        .putHeader(HttpHeaders.CONTENT_DISPOSITION, disposition(file.filename()));
    if (asked != null) {
      response
          .setStatusCode(206)
          .putHeader(
              HttpHeaders.CONTENT_RANGE,
              "bytes %d-%d/%d".formatted(range.first(), range.end() - 1, file.sizeBytes()));
    }
    if (call.request().method() == HttpMethod.HEAD || range.isEmpty()) {
      response.end();
      return Future.succeededFuture(new Answer.Streaming());
    }
    return new Sending(call.viewerId(), file, response, range)
        .done()
        .map(_ -> new Answer.Streaming());
  }

  private static HttpServerResponse head(HttpServerResponse to, StoredFile file, String tag) {
    return to.putHeader(HttpHeaders.ETAG, tag)
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .putHeader("x-content-type-options", "nosniff");
  }

  /** A range of another version than the one the client has parts of is no use to it. */
  private static @Nullable ByteRange asked(Call call, StoredFile file, String tag) {
    String condition = call.textOrNull("If-Range");
    return condition == null || condition.strip().equals(tag)
        ? ByteRange.of(call.textOrNull("Range"), file.sizeBytes())
        : null;
  }

  private static boolean isHeld(@Nullable String tags, String tag) {
    return tags != null
        && Arrays.stream(tags.split(","))
            .map(held -> held.strip().replaceFirst("^W/", ""))
            .anyMatch(held -> held.equals("*") || held.equals(tag));
  }

  /** A name for every client: letters all understand, and the whole of it encoded (RFC 6266). */
  static String disposition(String filename) {
    StringBuilder plain = new StringBuilder();
    filename
        .codePoints()
        .map(c -> c < ' ' || c > '~' || "\"\\%/;".indexOf(c) >= 0 ? '_' : c)
        .forEach(plain::appendCodePoint);
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded(filename);
  }

  private static String encoded(String filename) {
    StringBuilder out = new StringBuilder();
    for (byte b : filename.getBytes(UTF_8)) {
      int c = b & 0xff;
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "!#$&+-.^_`|~".indexOf(c) >= 0);
      out.append(plain ? Character.toString(c) : "%%%02X".formatted(c));
    }
    return out.toString();
  }

  /** A file on its way out: the next chunk is asked for once the last has left. */
  private final class Sending {
    private final UUID viewer;
    private final StoredFile file;
    private final HttpServerResponse response;
    private final ByteRange range;
    private final Promise<Void> done = Promise.promise();
    private long at;

    Sending(UUID viewer, StoredFile file, HttpServerResponse response, ByteRange range) {
      this.viewer = viewer;
      this.file = file;
      this.response = response;
      this.range = range;
      this.at = range.first();
    }

    /** Ends with the response. A file that broke off half-way ends with its connection. */
    Future<Void> done() {
      response.exceptionHandler(_ -> {}); // the write under way fails, too
      next();
      return done.future();
    }

    private void next() {
      int idx = (int) (at / StoredFile.CHUNK_BYTES);
      bus.ask(StoredFile.FindChunk.ADDRESS, new StoredFile.FindChunk(viewer, file.mediaId(), idx))
          .onSuccess(this::write)
          .onFailure(this::breakOff);
    }

    private void write(StoredFile.Chunk chunk) {
      int from = (int) (at % StoredFile.CHUNK_BYTES);
      int to = (int) Math.min(chunk.bytes().length, from + range.end() - at);
      if (to <= from) {
        breakOff(new IllegalStateException("A chunk of a stored file is too short"));
        return;
      }
      at += to - from;
      Buffer bytes = Buffer.buffer(Arrays.copyOfRange(chunk.bytes(), from, to));
      response
          .write(bytes)
          .timeout(STUCK_SECONDS, TimeUnit.SECONDS)
          .onSuccess(_ -> sent())
          .onFailure(_ -> cut());
    }

    private void sent() {
      if (at < range.end()) {
        next();
      } else {
        response.end();
        done.complete();
      }
    }

    private void breakOff(Throwable failure) {
      if (response.headWritten()) {
        cut();
      } else {
        done.fail(failure);
      }
    }

    /** Half a file must not look like a whole one. */
    private void cut() {
      response.reset();
      done.tryComplete();
    }
  }
}
