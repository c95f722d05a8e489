package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.IntConsumer;
import lectern.library.document.Picture;
import lectern.library.document.Pictures;
import lectern.net.Fetch;
import lectern.net.FetchFailure;
import lectern.net.Fetched;
import lectern.net.GuardedClient;
import lectern.net.WebAddress;

/**
 * The pictures of one article on their way in, a few at a time. What does not come, or is no
 * picture, is left out; the article then shows its words for it. Of one event loop.
 */
final class PictureFetch {
  static final int AT_ONCE = 6;

  static final Duration TOGETHER = Duration.ofSeconds(60);

  private static final Fetch.Limits LIMITS =
      new Fetch.Limits(Pictures.MAX_BYTES, Duration.ofSeconds(15), Duration.ofSeconds(10), 3);

  private final GuardedClient client;
  private final Function<byte[], Future<Optional<Picture>>> decoder;
  private final Queue<String> waiting;
  private final int all;
  private final IntConsumer told;
  private final Map<String, Picture> brought = new HashMap<>();
  private final Promise<Map<String, Picture>> done = Promise.promise();
  private Future<?> turn = Future.succeededFuture();
  private int under;

  private PictureFetch(
      GuardedClient client,
      Function<byte[], Future<Optional<Picture>>> decoder,
      List<String> addresses,
      IntConsumer told) {
    this.client = client;
    this.decoder = decoder;
    this.waiting = new ArrayDeque<>(addresses);
    this.all = addresses.size();
    this.told = told;
  }

  /**
   * Brings what can be brought in time; it does not fail.
   *
   * @param decoder makes of bytes a picture, if they are one that may be kept
   * @param together the time for all of them
   * @param told hears after each picture how many of a hundred are done
   * @return the pictures by their addresses
   */
  static Future<Map<String, Picture>> of(
      Vertx vertx,
      GuardedClient client,
      Function<byte[], Future<Optional<Picture>>> decoder,
      List<String> addresses,
      Duration together,
      IntConsumer told) {
    PictureFetch fetch = new PictureFetch(client, decoder, addresses, told);
    long timer = vertx.setTimer(together.toMillis(), _ -> fetch.finish());
    for (int i = 0; i < AT_ONCE; i++) {
      fetch.next();
    }
    return fetch.done.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private void next() {
    String address = done.future().isComplete() ? null : waiting.poll();
    if (address == null) {
      if (under == 0) {
        finish();
      }
      return;
    }
    under++;
    bring(address)
        .onSuccess(picture -> picture.ifPresent(real -> keep(address, real)))
        .onComplete(
            _ -> {
              under--;
              told.accept((all - waiting.size() - under) * 100 / all);
              next();
            });
  }

  private Future<Optional<Picture>> bring(String address) {
    try {
      return client.get(wanted(WebAddress.parse(address))).compose(this::decode);
    } catch (FetchFailure none) {
      return Future.failedFuture(none);
    }
  }

  private static Fetch wanted(WebAddress address) {
    return new Fetch(
        address,
        "image/webp,image/png,image/jpeg,image/gif;q=0.9",
        type -> type.isEmpty() || type.startsWith("image/") || type.endsWith("/octet-stream"),
        LIMITS);
  }

  /** In order, one after the other: all of them together have one bound. */
  private Future<Optional<Picture>> decode(Fetched fetched) {
    Future<Optional<Picture>> mine = turn.transform(_ -> decoder.apply(fetched.bytes()));
    turn = mine;
    return mine;
  }

  private void keep(String address, Picture picture) {
    if (!done.future().isComplete()) {
      brought.put(address, picture);
    }
  }

  private void finish() {
    done.tryComplete(brought);
  }
}
