package lectern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import lectern.BenchClient.Reader;
import lectern.conversation.BareTurns;

/**
 * A server that is nothing but the way of a send: it takes the question, runs the statements, asks
 * the model server and passes on its bytes as they come. It checks nothing, keeps nothing in memory
 * and says nothing of its own.
 */
final class BareSends {
  private final BareTurns turns;
  private final BenchClient client;
  private final BenchUpstream upstream;
  private final Map<String, Reader> byToken;
  private final HttpServer server;

  BareSends(
      Vertx vertx,
      BareTurns turns,
      BenchClient client,
      BenchUpstream upstream,
      List<Reader> readers) {
    this.turns = turns;
    this.client = client;
    this.upstream = upstream;
    this.byToken = readers.stream().collect(Collectors.toMap(Reader::token, Function.identity()));
    this.server = vertx.createHttpServer().requestHandler(this::answer);
    Parts.await(server.listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    String token = request.getHeader("authorization").substring("Bearer ".length());
    UUID conversation = UUID.fromString(request.path().split("/")[2]);
    UUID reader = byToken.get(token).id();
    request
        .body()
        .map(body -> new JsonObject(body).getString("content"))
        .compose(question -> send(reader, conversation, question, request.response()))
        .onFailure(_ -> request.response().reset());
  }

  private Future<Void> send(
      UUID reader, UUID conversation, String question, HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    return turns
        .run(
            reader,
            conversation,
            question,
            () -> relay(question, response).map(_ -> upstream.text()))
        .compose(_ -> response.end());
  }

  private Future<Void> relay(String question, HttpServerResponse response) {
    return client.askModel(upstream.port(), question, (Buffer packet) -> response.write(packet));
  }
}
