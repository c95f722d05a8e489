package lectern;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server has opened, to be closed in reverse, each part once, whatever the others do. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T open(T part) {
    closing(part);
    return part;
  }

  /** Opens on another thread; closed at its place in the order even if nobody waited for it. */
  <T extends AutoCloseable> CompletableFuture<T> openLater(Supplier<T> opening) {
    CompletableFuture<T> later = CompletableFuture.supplyAsync(opening);
    closing(() -> later.thenAccept(Parts::closeQuietly).exceptionally(_ -> null).join());
    return later;
  }

  synchronized void closing(AutoCloseable part) {
    opened.push(part);
  }

  /** The value of a future; its failure is thrown as it is. Not for event loops. */
  static <T> T await(Future<T> future) {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      closeQuietly(opened.pop());
    }
  }

  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failed) {
      log.warn("A part of the server did not close cleanly", failed);
    }
  }
}
