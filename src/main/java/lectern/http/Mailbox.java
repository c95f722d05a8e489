package lectern.http;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.Watch.Batch;

/**
 * Where the answers come in that clients of this verticle instance watch. One address, registered
 * once at start, however many streams are open.
 */
final class Mailbox {
  private final String address = "http.mailbox." + UUID.randomUUID();
  private final Map<UUID, Function<Batch, Future<Nothing>>> watchers = new HashMap<>();

  Future<Void> open(Bus bus) {
    return bus.answer(Batch.at(address), this::deliver);
  }

  String address() {
    return address;
  }

  /** The future a watcher returns asks for its next batch. */
  void register(UUID watcher, Function<Batch, Future<Nothing>> taker) {
    watchers.put(watcher, taker);
  }

  void unregister(UUID watcher) {
    watchers.remove(watcher);
  }

  private Future<Nothing> deliver(Batch batch) {
    Function<Batch, Future<Nothing>> taker = watchers.get(batch.watcher());
    return taker == null
        ? Future.failedFuture(new Refusal(Code.E_NOT_FOUND, "Nobody watches here any more."))
        : taker.apply(batch);
  }
}
