package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.Upload.Abort;
import lectern.library.Upload.Begin;
import lectern.library.Upload.Chunk;
import lectern.library.Upload.Finish;
import lectern.library.document.Unreadable;

/**
 * Files on their way in, at the one verticle instance that began them: each has a running hash, so
 * its chunks come to that instance's own mailbox. Everything here happens on the instance's event
 * loop.
 */
final class Uploads {

  /** Uploads of one instance at the same time; each keeps one chunk in memory at most. */
  static final int MOST = 64;

  /** Silence after which the sender is taken to be gone. */
  static final long SILENCE_MS = 60_000;

  private final Vertx vertx;
  private final Database database;
  private final Originals originals;
  private final LibrarySettings settings;
  private final String mailbox = "upload." + UUID.randomUUID();
  private final Map<UUID, Receiving> receiving = new HashMap<>();

  /** An upload and how far it is. */
  private static final class Receiving {
    final UUID media;
    final String contentType;
    Original original;
    final MessageDigest digest = Original.sha256();
    int chunks;
    long size;
    long timer;

    Receiving(UUID media, Original original, String contentType) {
      this.media = media;
      this.contentType = contentType;
      this.original = original;
    }
  }

  Uploads(Vertx vertx, Database database, Originals originals, LibrarySettings settings) {
    this.vertx = vertx;
    this.database = database;
    this.originals = originals;
    this.settings = settings;
  }

  /**
   * @param arrived is told of every document that came in
   */
  Future<Void> listen(Bus bus, Consumer<BroughtIn> arrived) {
    Upload any =
        new Upload(UUID.randomUUID(), mailbox, Upload.CHUNK_BYTES, settings.maxUploadBytes());
    return Future.all(
            bus.answer(any.chunks(), this::chunk),
            bus.answer(any.finishes(), finish -> finish(finish).onSuccess(arrived::accept)),
            bus.answer(any.aborts(), this::abort))
        .mapEmpty();
  }

  Future<Upload> begin(Begin begin) {
    if (receiving.size() >= MOST) {
      throw new Refusal(Code.E_UNAVAILABLE, "Too many files are coming in; try again shortly.");
    }
    Original original =
        Original.ofFile(begin.viewer(), begin.filename(), begin.contentType(), begin.libraryId());
    return admitted(begin)
        .compose(
            done ->
                UploadStore.insertMedia(
                    database.pool(), begin.viewer(), original.kind(), original.title()))
        .map(media -> opened(new Receiving(media, original, begin.contentType())));
  }

  private Future<Void> admitted(Begin begin) {
    return begin.libraryId() == null
        ? Future.succeededFuture()
        : LibraryStore.find(database.pool(), begin.viewer(), begin.libraryId())
            .map(LibraryVerticle::administered)
            .mapEmpty();
  }

  private Upload opened(Receiving upload) {
    receiving.put(upload.media, upload);
    watch(upload);
    return new Upload(
        upload.media, mailbox, Upload.CHUNK_BYTES, settings.maxBytes(upload.original.format()));
  }

  private void watch(Receiving upload) {
    vertx.cancelTimer(upload.timer);
    upload.timer = vertx.setTimer(SILENCE_MS, id -> drop(upload));
  }

  private Future<Nothing> chunk(Chunk chunk) {
    Receiving upload = find(chunk.upload());
    watch(upload);
    try {
      check(upload, chunk);
    } catch (Refusal refusal) {
      return drop(upload).compose(done -> Future.failedFuture(refusal));
    }
    upload.chunks++;
    upload.size += chunk.bytes().length;
    upload.digest.update(chunk.bytes());
    return UploadStore.insertChunk(database.pool(), upload.media, chunk.idx(), chunk.bytes())
        .map(Nothing.NOTHING)
        .recover(failure -> drop(upload).compose(done -> Future.failedFuture(failure)));
  }

  private void check(Receiving upload, Chunk chunk) {
    int length = chunk.bytes().length;
    if (chunk.idx() != upload.chunks || length == 0 || length > Upload.CHUNK_BYTES) {
      throw new Refusal(Code.E_INVALID_REQUEST, "The parts of this file came in disorder.");
    }
    if (chunk.idx() == 0) {
      open(upload, chunk.bytes());
    }
    long maxBytes = settings.maxBytes(upload.original.format());
    if (upload.size + length > maxBytes) {
      throw new Refusal(
              Code.E_FILE_TOO_LARGE,
              "This file is too large; at most %d MB can be brought in.".formatted(maxBytes >> 20))
          .with("max_bytes", maxBytes);
    }
  }

  private static void open(Receiving upload, byte[] opening) {
    try {
      upload.original = upload.original.opened(upload.contentType, opening);
    } catch (Unreadable unreadable) {
      throw new Refusal(Code.E_INVALID_FILE_TYPE, unreadable.sentence());
    }
  }

  private Future<BroughtIn> finish(Finish finish) {
    Receiving upload = find(finish.upload());
    if (upload.size == 0) {
      return drop(upload)
          .compose(
              done ->
                  Future.failedFuture(
                      new Refusal(Code.E_INVALID_FILE_TYPE, "This file is empty.")));
    }
    forget(upload);
    return originals
        .finish(upload.original, upload.media, Original.hex(upload.digest), upload.size)
        .recover(failure -> drop(upload).compose(done -> Future.failedFuture(failure)));
  }

  private Future<Nothing> abort(Abort abort) {
    Receiving upload = receiving.get(abort.upload());
    return upload == null ? Future.succeededFuture(Nothing.NOTHING) : drop(upload);
  }

  /** Nothing of an upload stays; if its rows cannot be deleted now, a sweep does it later. */
  private Future<Nothing> drop(Receiving upload) {
    forget(upload);
    return UploadStore.delete(database.pool(), upload.media)
        .map(Nothing.NOTHING)
        .otherwise(Nothing.NOTHING);
  }

  private void forget(Receiving upload) {
    vertx.cancelTimer(upload.timer);
    receiving.remove(upload.media);
  }

  private Receiving find(UUID id) {
    Receiving upload = receiving.get(id);
    if (upload == null) {
      throw new Refusal(Code.E_NOT_FOUND, "This upload is over, or it was silent for too long.");
    }
    return upload;
  }

  Future<Void> close() {
    return Future.all(List.copyOf(receiving.values()).stream().map(this::drop).toList()).mapEmpty();
  }
}
