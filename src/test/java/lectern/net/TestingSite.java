package lectern.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static lectern.db.TestingDatabase.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small site on loopback that serves pages, or any bytes at all, at any pace. Each connection
 * takes one request.
 */
public final class TestingSite implements AutoCloseable {
  private final NetServer server;
  private final Map<String, Consumer<NetSocket>> pages = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private TestingSite(Vertx vertx, NetServerOptions options) {
    this.server = vertx.createNetServer(options).connectHandler(this::connected);
  }

  public static TestingSite start(Vertx vertx) {
    return start(vertx, new NetServerOptions());
  }

  static TestingSite start(Vertx vertx, NetServerOptions options) {
    TestingSite site = new TestingSite(vertx, options);
    await(site.server.listen(0, "127.0.0.1"));
    return site;
  }

  public int port() {
    return server.actualPort();
  }

  /** The address of a page, by number. */
  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  public TestingSite serves(String path, String type, String body) {
    return serves(path, type, body.getBytes(UTF_8));
  }

  public TestingSite serves(String path, String type, byte[] body) {
    return answers(
        path, "200 OK", "Content-Type: " + type + "\r\nContent-Length: " + body.length, body);
  }

  public TestingSite redirects(String path, String location) {
    return answers(path, "302 Found", "Location: " + location, new byte[0]);
  }

  /** A whole answer, which ends with its connection. */
  public TestingSite answers(String path, String status, String headers, byte[] body) {
    return plays(
        path,
        socket -> {
          socket.write("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers + "\r\n\r\n");
          socket.end(Buffer.buffer(body));
        });
  }

  /** Anything at all on the socket, once a request for the path has come. */
  public TestingSite plays(String path, Consumer<NetSocket> answer) {
    pages.put(path, answer);
    return this;
  }

  /** The heads of all requests so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How often a path was asked for. */
  public long asked(String path) {
    return requests.stream().filter(head -> head.startsWith("GET " + path + " ")).count();
  }

  private void connected(NetSocket socket) {
    Buffer head = Buffer.buffer();
    socket.exceptionHandler(gone -> socket.close());
    socket.handler(
        bytes -> {
          head.appendBuffer(bytes);
          String text = head.toString(ISO_8859_1);
          if (text.endsWith("\r\n\r\n")) {
            requests.add(text);
            answer(text.split(" ", 3)[1], socket);
          }
        });
  }

  private void answer(String path, NetSocket socket) {
    @Nullable Consumer<NetSocket> page = pages.get(path);
    if (page == null) {
      socket.end(Buffer.buffer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    } else {
      page.accept(socket);
    }
  }

  @Override
  public void close() {
    await(server.close());
  }
}
