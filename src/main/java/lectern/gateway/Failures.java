package lectern.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.telemetry.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's own refusals, in the same envelope as the API's. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static void respond(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    Refusal refusal = refusal(ctx);
    Object wait = refusal.details().get("retry_after_seconds");
    if (wait != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, wait.toString());
    }
    response
        .setStatusCode(refusal.code().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(envelope(refusal).toBuffer());
  }

  private static Refusal refusal(RoutingContext ctx) {
    return switch (ctx.failure()) {
      case Refusal refusal -> refusal;
      case HttpException http -> ofStatus(http.getStatusCode());
      case null -> ofStatus(ctx.statusCode());
      case Throwable defect -> {
        log.error("gateway.request.defect", defect);
        yield ofStatus(500);
      }
    };
  }

  private static Refusal ofStatus(int status) {
    return switch (status) {
      case 404 -> new Refusal(Code.E_NOT_FOUND, "There is nothing at this address.");
      case 405 -> new Refusal(Code.E_METHOD_NOT_ALLOWED, "This address does not know that method.");
      case 413 -> new Refusal(Code.E_REQUEST_TOO_LARGE, "That is too large for this server.");
      default ->
          status / 100 == 4
              ? new Refusal(Code.E_INVALID_REQUEST, "The request does not have the right form.")
              : new Refusal(Code.E_INTERNAL, "Something went wrong on the server.");
    };
  }

  private static JsonObject envelope(Refusal refusal) {
    JsonObject error =
        new JsonObject()
            .put("code", refusal.code().name())
            .put("message", refusal.sentence())
            .put("request_id", Scope.current().requestId());
    Map<String, Object> details = refusal.details();
    return new JsonObject()
        .put("error", details.isEmpty() ? error : error.put("details", new JsonObject(details)));
  }
}
