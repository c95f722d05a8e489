package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The OpenAI-compatible servers that answer on this machine right now, and their models. A look
 * asks each address for its models, all at once, and holds for half a minute; whoever does not
 * answer quickly, or answers something else, is not there.
 */
final class LocalServers {
  static final String PROVIDER = "local";

  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * On loopback an answer takes milliseconds; a page that lists models waits no longer than this.
   */
  private static final long PATIENCE_MILLIS = 1500;

  private static final int MOST_BYTES = 1024 * 1024;
  private static final int MOST_MODELS = 50;

  private final Vertx vertx;
  private final HttpClient client;
  private final LlmSettings.Local settings;
  private Future<List<Found>> last = Future.succeededFuture(List.of());
  private long looked;
  private boolean ever;

  LocalServers(Vertx vertx, LlmSettings.Local settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setMaxRedirects(0).setConnectTimeout((int) PATIENCE_MILLIS));
  }

  /** A model and the base URL of the server that has it. */
  record Found(URI baseUrl, ModelSpec model) {}

  /** What is there, never failing, at most half a minute old. */
  Future<List<Found>> models() {
    long now = System.nanoTime();
    if (settings.detect() && (!ever || now - looked > FRESH_NANOS)) {
      ever = true;
      looked = now;
      last = look();
    }
    return last;
  }

  private Future<List<Found>> look() {
    List<Future<List<Found>>> answers =
        settings.addresses().stream()
            .filter(address -> !settings.ownPorts().contains(address.getPort()))
            .map(this::ask)
            .toList();
    return Future.all(answers).map(all -> distinct(answers));
  }

  /** The first server that has a model of that name is the one that is asked. */
  private static List<Found> distinct(List<Future<List<Found>>> answers) {
    Set<String> names = new java.util.HashSet<>();
    return answers.stream()
        .flatMap(answer -> answer.result().stream())
        .filter(found -> names.add(found.model().modelName()))
        .toList();
  }

  private Future<List<Found>> ask(URI address) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(address + "/models")
            .setConnectTimeout(PATIENCE_MILLIS);
    return client
        .request(options)
        .compose(this::bodyOf)
        .map(body -> found(address, body))
        .otherwise(List.of());
  }

  private Future<String> bodyOf(HttpClientRequest request) {
    Promise<String> body = Promise.promise();
    request.exceptionHandler(body::tryFail);
    long timer = vertx.setTimer(PATIENCE_MILLIS, late -> request.reset());
    request.send().onFailure(body::tryFail).onSuccess(response -> read(request, response, body));
    return body.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void read(
      HttpClientRequest request, HttpClientResponse response, Promise<String> body) {
    Buffer text = Buffer.buffer();
    response.exceptionHandler(body::tryFail);
    response.handler(
        packet -> {
          text.appendBuffer(packet);
          if (text.length() > MOST_BYTES || response.statusCode() != 200) {
            body.tryFail("no list of models");
            request.reset();
          }
        });
    response.endHandler(end -> body.tryComplete(text.toString()));
  }

  private static List<Found> found(URI address, String body) {
    return ListedModels.in(body, PROVIDER).orElse(List.of()).stream()
        .limit(MOST_MODELS)
        .map(model -> new Found(address, model))
        .toList();
  }
}
