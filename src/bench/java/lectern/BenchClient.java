package lectern;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A program that asks over HTTP, on loopback: the API of a Lectern, or a model server itself. */
final class BenchClient {
  /** More than any load has under way. */
  private static final int CONNECTIONS = 2_048;

  private final HttpClient client;

  BenchClient(Vertx vertx) {
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /** Somebody with an account, and the model that everybody asks. */
  record Reader(int port, String token, UUID id, UUID model) {
    Reader asking(UUID other) {
      return new Reader(port, token, id, other);
    }

    Reader at(int other) {
      return new Reader(other, token, id, model);
    }
  }

  /** Makes an account on the API at this port. */
  Future<Reader> register(int port, String name) {
    JsonObject account =
        new JsonObject()
            .put("email", name + "@example.org")
            .put("password", "a password for benchmarks");
    return json(port, "/auth/register", null, account)
        .compose(
            made -> {
              JsonObject data = made.getJsonObject("data");
              String token = data.getString("token");
              UUID id = UUID.fromString(data.getJsonObject("user").getString("id"));
              return json(port, "/models", token, null)
                  .map(models -> new Reader(port, token, id, openAi(models.getJsonArray("data"))));
            });
  }

  private static UUID openAi(JsonArray models) {
    return models.stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("provider").equals("openai"))
        .filter(model -> model.getBoolean("available"))
        .map(model -> UUID.fromString(model.getString("id")))
        .findFirst()
        .orElseThrow();
  }

  /** A send whose answer is streamed; the packets of the stream go to {@code heard}. */
  Future<Void> stream(
      Reader reader, @Nullable UUID conversation, String question, Consumer<Buffer> heard) {
    return ask(reader, conversation, question, "?stream=1", heard);
  }

  /** The same, by a client that waits its turn in a conversation where others ask as well. */
  Future<Void> streamInTurn(Reader reader, UUID conversation, String question) {
    Buffer body = question(reader, question);
    return request(
            HttpMethod.POST, reader.port(), sends(conversation) + "?stream=1", reader.token())
        .map(request -> request.putHeader("prefer", "wait=60"))
        .compose(request -> request.putHeader("content-type", "application/json").send(body))
        .compose(response -> read("a send in turn", response, _ -> {}));
  }

  /** A send that waits for the whole answer. */
  Future<Void> send(Reader reader, @Nullable UUID conversation, String question) {
    return ask(reader, conversation, question, "", _ -> {});
  }

  /** Reads something, whatever it says. */
  Future<Void> get(Reader reader, String path) {
    return request(HttpMethod.GET, reader.port(), path, reader.token())
        .compose(HttpClientRequest::send)
        .compose(response -> read(path, response, _ -> {}));
  }

  private Future<Void> ask(
      Reader reader,
      @Nullable UUID conversation,
      String question,
      String query,
      Consumer<Buffer> heard) {
    String path = conversation == null ? "/conversations/messages" : sends(conversation);
    return post(reader.port(), path + query, reader.token(), question(reader, question), heard);
  }

  private static String sends(UUID conversation) {
    return "/conversations/" + conversation + "/messages";
  }

  private static Buffer question(Reader reader, String question) {
    return new JsonObject()
        .put("content", question)
        .put("model_id", reader.model().toString())
        .toBuffer();
  }

  /** The same question to the model server itself, in its own words. */
  Future<Void> askModel(int port, String question, Consumer<Buffer> heard) {
    return askModel(port, BenchUpstream.Tongue.CHAT, question, heard);
  }

  /** The same to where it is asked in another wire format; it does not look at the words. */
  Future<Void> askModel(
      int port, BenchUpstream.Tongue tongue, String question, Consumer<Buffer> heard) {
    Buffer body =
        new JsonObject()
            .put("model", "bench")
            .put("stream", true)
            .put(
                "messages",
                new JsonArray().add(new JsonObject().put("role", "user").put("content", question)))
            .toBuffer();
    return post(port, tongue.path(), null, body, heard);
  }

  /** What is there. */
  Future<JsonObject> find(Reader reader, String path) {
    return json(reader.port(), path, reader.token(), null);
  }

  /** Brings in a file. */
  Future<JsonObject> upload(Reader reader, String filename, Buffer bytes) {
    String path = "/media/upload?filename=" + filename;
    return request(HttpMethod.POST, reader.port(), path, reader.token())
        .compose(
            request -> request.putHeader("content-type", "application/octet-stream").send(bytes))
        .compose(response -> response.body().map(text -> checked(path, response, text)));
  }

  private Future<Void> post(
      int port, String path, @Nullable String token, Buffer body, Consumer<Buffer> heard) {
    return request(HttpMethod.POST, port, path, token)
        .compose(request -> request.putHeader("content-type", "application/json").send(body))
        .compose(response -> read(path, response, heard));
  }

  private static Future<Void> read(
      String path, HttpClientResponse response, Consumer<Buffer> heard) {
    Promise<Void> end = Promise.promise();
    Buffer last = Buffer.buffer();
    response.exceptionHandler(end::tryFail);
    response.handler(heard::accept);
    if (response.statusCode() != 200) {
      response.handler(last::appendBuffer);
    }
    response.endHandler(
        _ -> {
          if (response.statusCode() == 200) {
            end.tryComplete();
          } else {
            end.tryFail(path + " said " + response.statusCode() + ": " + last);
          }
        });
    return end.future();
  }

  private Future<JsonObject> json(
      int port, String path, @Nullable String token, @Nullable JsonObject body) {
    HttpMethod method = body == null ? HttpMethod.GET : HttpMethod.POST;
    return request(method, port, path, token)
        .compose(
            request ->
                body == null
                    ? request.send()
                    : request.putHeader("content-type", "application/json").send(body.toBuffer()))
        .compose(response -> response.body().map(text -> checked(path, response, text)));
  }

  private static JsonObject checked(String path, HttpClientResponse response, Buffer text) {
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(path + " said " + response.statusCode() + ": " + text);
    }
    return text.toJsonObject();
  }

  private Future<HttpClientRequest> request(
      HttpMethod method, int port, String path, @Nullable String token) {
    RequestOptions options =
        new RequestOptions().setMethod(method).setHost("127.0.0.1").setPort(port).setURI(path);
    return client.request(
        token == null ? options : options.putHeader("authorization", "Bearer " + token));
  }
}
