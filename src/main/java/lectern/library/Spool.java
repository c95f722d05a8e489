package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/**
 * An original on disk while it is being read, so that it is never whole in memory. The file is
 * deleted as soon as it is open, or when it is closed where a system cannot do that: a server that
 * dies leaves none.
 */
final class Spool {
  private final WorkerExecutor worker;
  private final FileChannel file;

  private Spool(WorkerExecutor worker, FileChannel file) {
    this.worker = worker;
    this.file = file;
  }

  static Future<Spool> of(WorkerExecutor worker, SqlClient sql, UUID media) {
    return worker
        .executeBlocking(() -> new Spool(worker, opened()), false)
        .compose(
            spool ->
                spool
                    .fill(sql, media, 0)
                    .map(spool)
                    .recover(
                        failure -> spool.close().transform(done -> Future.failedFuture(failure))));
  }

  private static FileChannel opened() throws IOException {
    Path path = Files.createTempFile("lectern-", ".original");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private Future<Void> fill(SqlClient sql, UUID media, int from) {
    return UploadStore.readChunks(sql, media, from)
        .compose(
            chunks ->
                chunks.isEmpty()
                    ? Future.succeededFuture()
                    : worker
                        .executeBlocking(() -> append(chunks), false)
                        .compose(done -> fill(sql, media, from + chunks.size())));
  }

  private Void append(List<Buffer> chunks) throws IOException {
    for (Buffer chunk : chunks) {
      ByteBuffer bytes = ByteBuffer.wrap(chunk.getBytes());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
    return null;
  }

  /** The original from its start. */
  FileChannel file() {
    try {
      return file.position(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Future<Void> close() {
    return worker.executeBlocking(
        () -> {
          file.close();
          return null;
        },
        false);
  }
}
