package lectern.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Objects;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.BroughtIn;
import lectern.library.Upload;

/** Files over HTTP: a request body on its way into the database, one chunk at a time. */
final class UploadRoutes {
  private final Bus bus;

  UploadRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> upload(Call call) {
    HttpServerRequest request = call.request();
    String type = Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_TYPE), "");
    return bus.ask(
            Upload.Begin.ADDRESS,
            new Upload.Begin(
                call.viewerId(), call.text("filename"), type, call.idOrNull("library_id")))
        .compose(
            upload ->
                new Reception(request, upload).done().recover(failure -> aborted(upload, failure)))
        .map(Answer::accepted);
  }

  /** The failure, told once nothing of the upload is left. */
  private Future<BroughtIn> aborted(Upload upload, Throwable failure) {
    return bus.ask(upload.aborts(), new Upload.Abort(upload.id()))
        .transform(_ -> Future.failedFuture(failure));
  }

  /** One body being received. Bytes are asked for only once the chunk before has been stored. */
  private final class Reception {
    private final HttpServerRequest request;
    private final Upload upload;
    private final Promise<BroughtIn> done = Promise.promise();
    private final byte[] chunk;
    private int filled;
    private int idx;
    private long total;

    Reception(HttpServerRequest request, Upload upload) {
      this.request = request;
      this.upload = upload;
      this.chunk = new byte[upload.chunkBytes()];
    }

    Future<BroughtIn> done() {
      if (declaredLength() > upload.maxBytes()) {
        return Future.failedFuture(tooLarge());
      }
      request.exceptionHandler(_ -> done.tryFail(gone()));
      request.handler(this::received);
      request.endHandler(_ -> finish());
      if (HttpHeaders.CONTINUE.toString().equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
        request.response().writeContinue();
      }
      request.fetch(1);
      return done.future();
    }

    private long declaredLength() {
      String given = request.getHeader(HttpHeaders.CONTENT_LENGTH);
      return given == null ? 0 : Long.parseLong(given);
    }

    private void received(Buffer bytes) {
      total += bytes.length();
      if (total > upload.maxBytes()) {
        done.tryFail(tooLarge());
        return;
      }
      take(bytes, 0);
    }

    private void take(Buffer bytes, int from) {
      if (done.future().isComplete()) {
        return;
      }
      int length = Math.min(bytes.length() - from, chunk.length - filled);
      bytes.getBytes(from, from + length, chunk, filled);
      filled += length;
      if (filled < chunk.length) {
        request.fetch(1);
        return;
      }
      store().onSuccess(_ -> take(bytes, from + length)).onFailure(done::tryFail);
    }

    private Future<?> store() {
      byte[] full = Arrays.copyOf(chunk, filled);
      filled = 0;
      return bus.ask(upload.chunks(), new Upload.Chunk(upload.id(), idx++, full));
    }

    private void finish() {
      if (done.future().isComplete()) {
        return;
      }
      Future<?> rest = filled == 0 ? Future.succeededFuture() : store();
      rest.compose(_ -> bus.ask(upload.finishes(), new Upload.Finish(upload.id())))
          .onSuccess(done::tryComplete)
          .onFailure(done::tryFail);
    }

    private Refusal tooLarge() {
      long mebibytes = upload.maxBytes() >> 20;
      return new Refusal(
              Code.E_FILE_TOO_LARGE,
              "This file is too large: at most " + mebibytes + " MiB can be brought in.")
          .with("max_bytes", upload.maxBytes());
    }

    private static Refusal gone() {
      return new Refusal(Code.E_INVALID_REQUEST, "The upload broke off before its end.");
    }
  }
}
