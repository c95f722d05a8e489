package lectern.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes a response: a refusal speaks for itself, a defect is
 * logged.
 */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  static final String RETRY_AFTER = "retry_after_seconds";

  /** What the body handler says of a client that left in the middle of its body. */
  static final int LEFT = 200;

  /** Limits of providers are counted by the minute, most of them in a sliding window. */
  private static final int TOO_OFTEN_SECONDS = 20;

  /** Somebody has to pay first. */
  private static final int OUT_OF_MONEY_SECONDS = 3_600;

  /** Bytes of a refused body that are still read: a file of the usual limit, and a little. */
  private static final long DROPPED = 128L << 20;

  private Failures() {}

  static void respond(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended()) {
      return;
    }
    if (response.headWritten() || ctx.statusCode() == LEFT) {
      response.reset();
      return;
    }
    respond(ctx, refusal(ctx));
  }

  /** Answers a request whose response has not begun. */
  static void respond(RoutingContext ctx, Refusal refusal) {
    HttpServerResponse response = ctx.response();
    Object wait = refusal.details().getOrDefault(RETRY_AFTER, usualWait(refusal.code()));
    if (wait != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, wait.toString());
    }
    response
        .setStatusCode(refusal.code().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Json.write(envelope(refusal)));
    drop(ctx.request());
  }

  /** Whoever asked too much is told when to come back, even where nobody named a time. */
  private static @Nullable Integer usualWait(Code code) {
    if (code == Code.E_LLM_QUOTA_EXCEEDED) {
      return OUT_OF_MONEY_SECONDS;
    }
    return code.status() == 429 ? TOO_OFTEN_SECONDS : null;
  }

  /**
   * What a client is still sending is read and thrown away, so that it gets to read the answer and
   * can use its connection again; one that goes on for too long is cut off.
   */
  private static void drop(HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    long[] left = {DROPPED};
    request.handler(
        bytes -> {
          left[0] -= bytes.length();
          if (left[0] < 0) {
            request.connection().close();
          }
        });
    request.resume();
  }

  private static Refusal refusal(RoutingContext ctx) {
    return switch (ctx.failure()) {
      case Refusal refusal -> refusal;
      case HttpException http -> ofStatus(http.getStatusCode());
      case null -> ofStatus(ctx.statusCode());
      case Throwable defect -> {
        log.error("http.request.defect", defect);
        yield ofStatus(500);
      }
    };
  }

  private static Refusal ofStatus(int status) {
    return switch (status) {
      case 400, 417 ->
          new Refusal(Code.E_INVALID_REQUEST, "The request does not have the right form.");
      case 401 -> Edge.unauthenticated();
      case 404 -> new Refusal(Code.E_NOT_FOUND, "There is nothing at this address.");
      case 405 -> new Refusal(Code.E_METHOD_NOT_ALLOWED, "This address does not know that method.");
      case 413 -> new Refusal(Code.E_REQUEST_TOO_LARGE, "The body is too large.");
      default -> new Refusal(Code.E_INTERNAL, "Something went wrong on the server.");
    };
  }

  static ErrorEnvelope envelope(Refusal refusal) {
    return new ErrorEnvelope(
        new Told(
            refusal.code(),
            refusal.sentence(),
            Scope.current().requestId(),
            refusal.details().isEmpty() ? null : refusal.details()));
  }

  record ErrorEnvelope(Told error) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Told(
      Code code,
      String message,
      @Nullable String requestId,
      @Nullable Map<String, Object> details) {}
}
