package lectern.library;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.IngestionStore.Job;
import lectern.library.document.Format;
import lectern.net.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes originals in: whole texts at once, uploads at their end. The same bytes by the same reader
 * are one document, however many times and at whatever moment they arrive.
 */
final class Originals {
  private static final String SAME = "media_one_per_file_and_user";

  private final Database database;

  Originals(Database database) {
    this.database = database;
  }

  /**
   * Begins a document of a page of the web. One that is kept under that address already, or is on
   * its way there for the same reader, is put into their libraries instead. It counts as a
   * duplicate only for who could see it before: what others read is not told.
   */
  Future<BroughtIn> bringIn(
      UUID viewer, String requested, WebAddress address, @Nullable UUID into) {
    String normal = address.toString();
    Original original = new Original(viewer, normal, normal, Format.HTML, into);
    return database.transaction(
        sql ->
            WebStore.findKnown(sql, viewer, normal)
                .compose(
                    known ->
                        known != null
                            ? keep(sql, original, known.id(), known.readable())
                            : WebStore.insert(sql, viewer, requested, normal)
                                .compose(media -> keep(sql, original, media, false))));
  }

  /** Stores a text as the original of a new document. */
  Future<BroughtIn> bringIn(Original original, String text) {
    if (!original.format().isText()) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Text, Markdown and HTML can be pasted.");
    }
    if (text.isBlank()) {
      throw new Refusal(Code.E_INVALID_REQUEST, "There is no text in this.");
    }
    byte[] bytes = text.getBytes(UTF_8);
    MessageDigest digest = Original.sha256();
    digest.update(bytes);
    String sha256 = Original.hex(digest);
    return oncePerFile(
        () ->
            database.transaction(
                sql ->
                    UploadStore.findSame(sql, original.viewer(), original.kind(), sha256)
                        .compose(
                            same ->
                                same != null
                                    ? keep(sql, original, same, true)
                                    : store(sql, original, sha256, bytes))));
  }

  private Future<BroughtIn> store(SqlClient sql, Original original, String sha256, byte[] bytes) {
    return UploadStore.insertMedia(sql, original.viewer(), original.kind(), original.title())
        .compose(
            media ->
                insertChunks(sql, media, bytes, 0)
                    .compose(done -> complete(sql, original, media, sha256, bytes.length)));
  }

  private static Future<Void> insertChunks(SqlClient sql, UUID media, byte[] bytes, int idx) {
    int from = idx * Upload.CHUNK_BYTES;
    if (from >= bytes.length) {
      return Future.succeededFuture();
    }
    byte[] chunk =
        Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Upload.CHUNK_BYTES));
    return UploadStore.insertChunk(sql, media, idx, chunk)
        .compose(done -> insertChunks(sql, media, bytes, idx + 1));
  }

  /**
   * Stores bytes as the original of a document that waits for one. False when the reader had
   * brought in the same before, which then takes its place, or when another attempt took over.
   */
  static Future<Boolean> adopt(Database database, Job job, Original original, byte[] bytes) {
    MessageDigest digest = Original.sha256();
    digest.update(bytes);
    String sha256 = Original.hex(digest);
    Supplier<Future<Boolean>> attempt =
        () ->
            database.transaction(
                sql ->
                    UploadStore.findSame(sql, original.viewer(), original.kind(), sha256)
                        .compose(
                            same ->
                                same != null
                                    ? WebStore.merge(sql, job, same).map(false)
                                    : adopt(sql, job, original, sha256, bytes)));
    return once(attempt);
  }

  private static Future<Boolean> adopt(
      SqlClient sql, Job job, Original original, String sha256, byte[] bytes) {
    return WebStore.markFile(sql, job, original.filename())
        .compose(
            mine ->
                mine
                    ? insertChunks(sql, job.media(), bytes, 0)
                        .compose(
                            done ->
                                UploadStore.complete(
                                    sql, job.media(), sha256, original, bytes.length))
                        .map(true)
                    : Future.succeededFuture(false));
  }

  /** Makes an upload whose chunks are stored a document, or drops it for the one made before. */
  Future<BroughtIn> finish(Original original, UUID media, String sha256, long size) {
    return oncePerFile(
        () ->
            database.transaction(
                sql ->
                    UploadStore.findSame(sql, original.viewer(), original.kind(), sha256)
                        .compose(
                            same ->
                                same != null
                                    ? UploadStore.delete(sql, media)
                                        .compose(done -> keep(sql, original, same, true))
                                    : complete(sql, original, media, sha256, size))));
  }

  private static Future<BroughtIn> complete(
      SqlClient sql, Original original, UUID media, String sha256, long size) {
    return UploadStore.complete(sql, media, sha256, original, size)
        .compose(done -> keep(sql, original, media, false));
  }

  private static Future<BroughtIn> keep(
      SqlClient sql, Original original, UUID media, boolean duplicate) {
    UUID viewer = original.viewer();
    return Libraries.ensureDefault(sql, viewer)
        .compose(library -> LibraryStore.put(sql, library, media))
        .compose(place -> keepInLibrary(sql, viewer, original.libraryId(), media))
        .compose(done -> MediaStore.find(sql, viewer, media))
        .map(found -> new BroughtIn(found, duplicate));
  }

  private static Future<Void> keepInLibrary(
      SqlClient sql, UUID viewer, @Nullable UUID library, UUID media) {
    return library == null
        ? Future.succeededFuture()
        : LibraryStore.findLocked(sql, viewer, library)
            .map(LibraryVerticle::administered)
            .compose(found -> LibraryStore.put(sql, library, media))
            .mapEmpty();
  }

  /** Two of the same at once meet at the unique index; the second then finds the first. */
  private static Future<BroughtIn> oncePerFile(Supplier<Future<BroughtIn>> attempt) {
    return once(attempt);
  }

  private static <T> Future<T> once(Supplier<Future<T>> attempt) {
    return attempt
        .get()
        .recover(
            failure ->
                failure instanceof PgException refused && SAME.equals(refused.getConstraint())
                    ? attempt.get()
                    : Future.failedFuture(failure));
  }
}
