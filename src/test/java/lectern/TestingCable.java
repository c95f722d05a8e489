package lectern;

import static lectern.db.TestingDatabase.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a database, over a real socket, which can be cut and mended. */
final class TestingCable {
  private final Vertx vertx;
  private final URI end;
  private final NetClient client;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private NetServer server;
  private int port;

  TestingCable(Vertx vertx, URI end) {
    this.vertx = vertx;
    this.end = end;
    this.client = vertx.createNetClient();
    mend();
  }

  /** Where the database is, along this way. */
  URI url() {
    return URI.create(
        end.toString().replace("@" + end.getHost() + ":" + end.getPort(), "@127.0.0.1:" + port));
  }

  /** Breaks every connection, and refuses others. */
  void cut() {
    await(server.close());
    await(Future.join(List.copyOf(open).stream().map(NetSocket::close).toList()));
  }

  void mend() {
    server = vertx.createNetServer().connectHandler(this::connect);
    await(server.listen(port, "127.0.0.1"));
    port = server.actualPort();
  }

  private void connect(NetSocket near) {
    near.pause();
    client
        .connect(end.getPort(), end.getHost())
        .onSuccess(far -> join(near, far))
        .onFailure(_ -> near.close());
  }

  private void join(NetSocket near, NetSocket far) {
    open.add(near);
    near.closeHandler(_ -> open.remove(near));
    near.pipeTo(far);
    far.pipeTo(near);
  }
}
