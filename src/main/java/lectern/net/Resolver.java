package lectern.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.List;

/** Looks up the network addresses of a name. */
@FunctionalInterface
public interface Resolver {

  /** All addresses of a host, best first; fails when there are none. */
  Future<List<InetAddress>> resolve(String host);

  /** The way this machine looks names up, its hosts file included. */
  static Resolver ofSystem(Vertx vertx) {
    WorkerExecutor lookups = vertx.createSharedWorkerExecutor("lectern-names", 4);
    return host -> lookups.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
  }
}
