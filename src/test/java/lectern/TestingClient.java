package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import lectern.http.TestingContract;

/**
 * Somebody at the API, with a token or without. Every answer is held against openapi.yaml, and none
 * may be a fault of the server's own.
 */
final class TestingClient {
  static final String PASSWORD = "correct horse battery";
  private static final long PATIENCE_SECONDS = 10;
  private static final long LOOK_AGAIN_MS = 10;

  private final TestingServer server;
  private final String token;

  TestingClient(TestingServer server, String token) {
    this.server = server;
    this.token = token;
  }

  TestingClient registered(String email) {
    JsonObject wanted = new JsonObject().put("email", email).put("password", PASSWORD);
    return with(post("/auth/register", wanted).data(201).getString("token"));
  }

  /** The same person with this token, or somebody without one. */
  TestingClient with(String other) {
    return new TestingClient(server, other);
  }

  String token() {
    return token;
  }

  Reply get(String path) {
    return ask("GET", path);
  }

  Reply delete(String path) {
    return ask("DELETE", path);
  }

  Reply post(String path, JsonObject body) {
    return ask("POST", path, body);
  }

  Reply ask(String method, String path) {
    return sent(method, path, request(method, path), null);
  }

  Reply ask(String method, String path, JsonObject body) {
    return raw(method, path, body.toBuffer(), Map.of("Content-Type", "application/json"));
  }

  /** A request with any body and any headers. */
  Reply raw(String method, String path, Buffer body, Map<String, String> headers) {
    HttpRequest<Buffer> request = request(method, path);
    headers.forEach(request::putHeader);
    return sent(method, path, request, body);
  }

  Reply upload(String filename, Buffer body) {
    return raw("POST", "/media/upload?filename=" + filename, body, Map.of());
  }

  /** Opens an event stream with a send. */
  TestingStream stream(String path, JsonObject body, Map<String, String> headers) {
    return new TestingStream(server, token, "POST", path, body, headers);
  }

  TestingStream stream(String path, JsonObject body) {
    return stream(path, body, Map.of());
  }

  /** Watches an answer from an event on, or from its beginning. */
  TestingStream watch(String message, String lastEventId) {
    Map<String, String> headers =
        lastEventId == null ? Map.of() : Map.of("Last-Event-ID", lastEventId);
    return new TestingStream(
        server, token, "GET", "/messages/" + message + "/stream", null, headers);
  }

  /** Asks again and again until the answer is as wished, within ten seconds. */
  Reply until(String path, Predicate<Reply> wished) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (Reply reply = get(path); ; reply = get(path)) {
      if (wished.test(reply)) {
        return reply;
      }
      assertThat(System.nanoTime()).as("still %s", reply.text()).isLessThan(deadline);
      pause();
    }
  }

  private void pause() {
    Promise<Void> passed = Promise.promise();
    server.vertx().setTimer(LOOK_AGAIN_MS, _ -> passed.complete());
    await(passed.future());
  }

  /** A pasted text, once it can be read. */
  JsonObject pasted(String text, String format) {
    JsonObject body = new JsonObject().put("text", text).put("format", format);
    return readable(post("/media/from_text", body).data(202).getJsonObject("media"));
  }

  JsonObject readable(JsonObject media) {
    return settled(media, status -> status.startsWith("ready"));
  }

  /** The same document, once it could not be read. */
  JsonObject failed(JsonObject media) {
    return settled(media, status -> status.equals("failed"));
  }

  private JsonObject settled(JsonObject media, Predicate<String> as) {
    return until(
            "/media/" + media.getString("id"),
            reply -> as.test(reply.data(200).getString("processing_status")))
        .data(200);
  }

  JsonObject fragment(JsonObject media) {
    return get("/media/" + media.getString("id") + "/fragments").list(200).getJsonObject(0);
  }

  /** Marks these words where they first stand. */
  JsonObject highlighted(JsonObject fragment, String words) {
    String text = fragment.getString("canonical_text");
    int at = text.indexOf(words);
    int start = text.codePointCount(0, at);
    JsonObject body =
        new JsonObject()
            .put("start_offset", start)
            .put("end_offset", start + words.codePointCount(0, words.length()))
            .put("color", "yellow");
    return post("/fragments/" + fragment.getString("id") + "/highlights", body).data(201);
  }

  /** The id of a model that the scripted provider plays. */
  String model() {
    JsonArray models = get("/models").list(200);
    return models.stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("provider").equals("openai"))
        .findFirst()
        .orElseThrow()
        .getString("id");
  }

  JsonObject question(String content) {
    return new JsonObject().put("content", content).put("model_id", model());
  }

  JsonObject question(String content, String type, String id) {
    return question(content)
        .put("contexts", List.of(new JsonObject().put("type", type).put("id", id)));
  }

  private HttpRequest<Buffer> request(String method, String path) {
    HttpRequest<Buffer> request =
        server.web().request(HttpMethod.valueOf(method), server.apiPort(), "127.0.0.1", path);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    return request;
  }

  private Reply sent(String method, String path, HttpRequest<Buffer> request, Buffer body) {
    HttpResponse<Buffer> response = await(body == null ? request.send() : request.sendBuffer(body));
    Reply reply =
        new Reply(
            response.statusCode(),
            response.headers(),
            response.body() == null ? "" : response.body().toString());
    if (!method.equals("HEAD")) {
      String type = String.valueOf(response.getHeader("Content-Type"));
      String where = path.replaceFirst("\\?.*", "");
      TestingContract.check(method, where, reply.status(), type, reply.text());
    }
    return reply;
  }

  /** What came back. */
  record Reply(int status, MultiMap headers, String text) {
    String header(String name) {
      return headers.get(name);
    }

    JsonObject json() {
      return new JsonObject(text);
    }

    /** The object under {@code data}, of an answer that must have this status. */
    JsonObject data(int expected) {
      return is(expected).json().getJsonObject("data");
    }

    JsonArray list(int expected) {
      return is(expected).json().getJsonArray("data");
    }

    /** The code of an error, of an answer that must have this status. */
    String error(int expected) {
      return is(expected).json().getJsonObject("error").getString("code");
    }

    JsonObject details() {
      return json().getJsonObject("error").getJsonObject("details", new JsonObject());
    }

    Reply is(int expected) {
      assertThat(status).as(text).isEqualTo(expected);
      return this;
    }
  }

  static String unknown() {
    return UUID.randomUUID().toString();
  }
}
