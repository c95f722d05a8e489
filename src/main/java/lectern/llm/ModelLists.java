package lectern.llm;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.LlmFailure.Kind;

/**
 * Asks servers for their models: one short GET with the key, no redirect followed, a bounded body,
 * ten seconds in all.
 */
final class ModelLists {
  private static final long PATIENCE_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final int MOST_BYTES = 1024 * 1024;

  /** Lists asked of one server at once; readers who test keys wait for one another. */
  private static final int CONNECTIONS = 8;

  private static final int WAITING = 64;

  private final Vertx vertx;
  private final LlmSettings settings;
  private final HttpClient client;
  private final Consumer<Connection> answered;

  /**
   * @param answered is told of each connection that gave its list
   */
  ModelLists(Vertx vertx, LlmSettings settings, Consumer<Connection> answered) {
    this.answered = answered;
    this.vertx = vertx;
    this.settings = settings;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxRedirects(0)
                .setMaxHeaderSize(16 * 1024)
                .setKeepAlive(false)
                .setConnectTimeout((int) PATIENCE_MILLIS)
                .setName("llm-lists"),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  Future<ModelList> of(ModelList.OfProvider asked) {
    LlmSettings.Provider provider = settings.providers().get(asked.provider());
    if (provider == null || !provider.enabled()) {
      return Future.failedFuture(
          new Refusal(Code.E_MODEL_NOT_AVAILABLE, "This provider is switched off on this server."));
    }
    return ask(provider.connection(asked.provider(), asked.key()))
        .map(list -> new ModelList(list.failure(), List.of()));
  }

  Future<ModelList> of(ModelList.OfConnection asked) {
    Connection connection = asked.connection();
    return isPublic(connection)
        ? ask(connection, "key")
            .compose(
                key ->
                    key.failure() != null && key.failure().kind() == Kind.INVALID_KEY
                        ? Future.succeededFuture(key)
                        : ask(connection))
        : ask(connection);
  }

  /** OpenRouter shows its models to everybody; whether it knows a key is asked elsewhere. */
  private static boolean isPublic(Connection connection) {
    return "openrouter.ai".equals(connection.baseUrl().getHost()) && connection.key() != null;
  }

  private Future<ModelList> ask(Connection connection) {
    return ask(connection, path(connection.dialect()));
  }

  private Future<ModelList> ask(Connection connection, String path) {
    return client
        .request(options(connection, path))
        .compose(request -> answer(request, connection))
        .onSuccess(
            list -> {
              if (list.failure() == null) {
                answered.accept(connection);
              }
            })
        .otherwise(failure -> ModelList.failed(LlmFailure.of(kindOf(failure))));
  }

  private static RequestOptions options(Connection connection, String path) {
    return connection
        .request(HttpMethod.GET, connection.at(path))
        .setConnectTimeout(PATIENCE_MILLIS);
  }

  private static String path(Dialect dialect) {
    return switch (dialect) {
      case ANTHROPIC -> "models?limit=1";
      case GEMINI, GEMINI_INTERACTIONS -> "models?pageSize=1";
      case OPENAI_RESPONSES, OPENAI_CHAT, OPENAI_COMPATIBLE, EXTRACTS -> "models";
    };
  }

  private static Kind kindOf(Throwable failure) {
    return failure instanceof ConnectTimeoutException || failure instanceof TooLate
        ? Kind.TIMEOUT
        : Kind.UNREACHABLE;
  }

  private Future<ModelList> answer(HttpClientRequest request, Connection connection) {
    Promise<ModelList> list = Promise.promise();
    request.exceptionHandler(list::tryFail);
    long timer =
        vertx.setTimer(
            PATIENCE_MILLIS,
            _ -> {
              list.tryFail(new TooLate());
              request.reset();
            });
    request
        .send()
        .onFailure(list::tryFail)
        .onSuccess(response -> read(request, response, connection, list));
    return list.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private static void read(
      HttpClientRequest request,
      HttpClientResponse response,
      Connection connection,
      Promise<ModelList> list) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(list::tryFail);
    response.handler(
        packet -> {
          body.appendBuffer(packet);
          if (body.length() > MOST_BYTES) {
            list.tryComplete(ModelList.failed(LlmFailure.of(Kind.GARBLED)));
            request.reset();
          }
        });
    response.endHandler(_ -> list.tryComplete(list(response, body.toString(), connection)));
  }

  private static ModelList list(HttpClientResponse response, String body, Connection connection) {
    int status = response.statusCode();
    if (status == 200) {
      return ListedModels.in(body, connection.provider())
          .map(models -> new ModelList(null, models))
          .orElseGet(() -> ModelList.failed(LlmFailure.of(Kind.GARBLED)));
    }
    ProviderError error = ProviderError.in(body);
    return ModelList.failed(
        new LlmFailure(
            ProviderErrors.kind(status, error),
            status,
            error.word(),
            RetryAfter.in(response.headers(), Instant.now())));
  }

  private static final class TooLate extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLate() {
      super("too late", null, false, false);
    }
  }
}
