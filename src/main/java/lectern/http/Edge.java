package lectern.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import lectern.http.Answer.Bare;
import lectern.http.Answer.Data;
import lectern.http.Answer.Empty;
import lectern.http.Answer.Listing;
import lectern.http.Answer.Picture;
import lectern.http.Answer.Plain;
import lectern.http.Answer.Streaming;
import lectern.http.Contract.Operation;
import lectern.http.Contract.Parameter;
import lectern.telemetry.RequestIds;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The way of every request: request id, token, contract, route, envelope. A route is an operation
 * of the contract and a function from {@link Call} to {@link Answer}; everything else happens here,
 * once.
 */
final class Edge {
  /** JSON bodies; a pasted text of two million characters is the longest of them. */
  private static final long BODY_LIMIT = 9L << 20;

  private static final ObjectReader TREE =
      Json.mapper()
          .readerFor(new TypeReference<Map<String, Object>>() {})
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  /** An address that no decoder can read. */
  private static final Pattern HALF_ESCAPED = Pattern.compile("%(?![0-9a-fA-F]{2})");

  /** Where a request keeps whom it comes from, once that is known. */
  private static final String WHO = "who";

  private final Router router;
  private final Contract contract;
  private final Function<String, Future<UUID>> bearer;
  private final Set<String> mounted = new HashSet<>();

  /**
   * @param bearer opens a token: the user it speaks for, or a refusal
   */
  Edge(Router router, Contract contract, Function<String, Future<UUID>> bearer) {
    this.router = router;
    this.contract = contract;
    this.bearer = bearer;
    router.route().handler(Edge::begin);
    for (int status : List.of(Failures.LEFT, 400, 404, 413, 417, 500)) {
      router.errorHandler(status, Failures::respond);
    }
    router.errorHandler(405, this::notAllowed);
  }

  /** Mounts an operation whose JSON body, if any, is read before the route runs. */
  void on(String line, Function<Call, Future<Answer>> handler) {
    Operation operation = contract.operation(line);
    Handler<RoutingContext> body =
        operation.body() == null
            ? Edge::withoutBody
            : BodyHandler.create(false).setBodyLimit(BODY_LIMIT);
    mount(operation, body).handler(ctx -> run(ctx, operation, handler));
  }

  /** Mounts an operation that reads its body as a stream; it finds the request paused. */
  void onStream(String line, Function<Call, Future<Answer>> handler) {
    Operation operation = contract.operation(line);
    mount(operation, RoutingContext::next).handler(ctx -> run(ctx, operation, handler));
  }

  /** Mounts an operation that hands out a file: whoever only wants to know of it asks with HEAD. */
  void onFile(String line, Function<Call, Future<Answer>> handler) {
    Operation operation = contract.operation(line);
    mount(operation, Edge::withoutBody)
        .method(HttpMethod.HEAD)
        .handler(ctx -> run(ctx, operation, handler));
  }

  /** The operations mounted so far, as in the contract. */
  Set<String> mounted() {
    return Set.copyOf(mounted);
  }

  private Route mount(Operation operation, Handler<RoutingContext> body) {
    mounted.add(operation.line());
    String path = operation.path().replaceAll("\\{([a-z_]+)}", ":$1");
    return router
        .route(HttpMethod.valueOf(operation.method()), path)
        .handler(
            ctx -> {
              AccessLog.taken(ctx, path);
              authenticate(ctx, operation, body);
            });
  }

  private static void begin(RoutingContext ctx) {
    String id = RequestIds.of(ctx.request().getHeader(RequestIds.HEADER));
    new Scope(id, null).enter();
    ctx.response().putHeader(RequestIds.HEADER, id);
    AccessLog.watch(ctx);
    if (HALF_ESCAPED.matcher(ctx.request().uri()).find()) {
      Failures.respond(ctx, new Refusal(Code.E_INVALID_REQUEST, "A % is not followed by a byte."));
    } else {
      ctx.next();
    }
  }

  private void notAllowed(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.ALLOW, contract.methodsAt(ctx.request().path()));
    Failures.respond(ctx);
  }

  /** Nothing of a body is read before it is known who sends it. */
  private void authenticate(RoutingContext ctx, Operation operation, Handler<RoutingContext> body) {
    ctx.request().pause();
    authenticated(ctx, operation)
        .onSuccess(
            who -> {
              ctx.put(WHO, who);
              body.handle(ctx);
            })
        .onFailure(ctx::fail);
  }

  private static void withoutBody(RoutingContext ctx) {
    ctx.request().resume();
    ctx.next();
  }

  private static void run(
      RoutingContext ctx, Operation operation, Function<Call, Future<Answer>> handler) {
    Future.succeededFuture(ctx.<Who>get(WHO))
        .map(who -> call(ctx, operation, who))
        .compose(handler)
        .compose(answer -> write(ctx.response(), answer))
        .onFailure(ctx::fail);
  }

  private Future<Who> authenticated(RoutingContext ctx, Operation operation) {
    if (!operation.guarded()) {
      return Future.succeededFuture(new Who(null, null));
    }
    String token = bearerToken(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token == null) {
      return Future.failedFuture(unauthenticated());
    }
    return bearer
        .apply(token)
        .map(
            user -> {
              Scope.current().withUser(user.toString()).enter();
              return new Who(user, token);
            });
  }

  private static @Nullable String bearerToken(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return null;
    }
    String token = header.substring(7).strip();
    return token.isEmpty() ? null : token;
  }

  static Refusal unauthenticated() {
    return new Refusal(Code.E_UNAUTHENTICATED, "Sign in first: this needs a valid bearer token.");
  }

  private static Call call(RoutingContext ctx, Operation operation, Who who) {
    Map<String, String> parameters = parameters(ctx, operation);
    Object body = operation.body() == null ? null : body(ctx, operation.body());
    return new Call(ctx.request(), parameters, body, who.user(), who.token());
  }

  private static Map<String, String> parameters(RoutingContext ctx, Operation operation) {
    checkQuery(ctx.queryParams(), operation.queryNames());
    Map<String, String> found = new HashMap<>();
    for (Parameter parameter : operation.parameters()) {
      String value = value(ctx, parameter);
      if (value != null) {
        found.put(parameter.name(), value);
      }
    }
    return Map.copyOf(found);
  }

  private static void checkQuery(MultiMap query, Set<String> known) {
    for (String name : query.names()) {
      if (!known.contains(name)) {
        throw new Refusal(Code.E_INVALID_REQUEST, "There is no query parameter of that name here.")
            .with("field", Violations.shortened(name));
      }
      if (query.getAll(name).size() > 1) {
        throw new Refusal(Code.E_INVALID_REQUEST, "`" + name + "` is given more than once.")
            .with("field", name);
      }
    }
  }

  private static @Nullable String value(RoutingContext ctx, Parameter parameter) {
    String given =
        switch (parameter.in()) {
          case "path" -> ctx.pathParam(parameter.name());
          case "query" -> ctx.queryParams().get(parameter.name());
          default -> ctx.request().getHeader(parameter.name());
        };
    if (given == null && !parameter.required()) {
      return parameter.fallback();
    }
    if (given == null) {
      throw new Refusal(Code.E_INVALID_REQUEST, "`" + parameter.name() + "` is missing.")
          .with("field", parameter.name());
    }
    Violations.check(
        parameter.schema(), parameter.integer() ? numberIn(given) : given, parameter.name());
    return Unstorable.refusedIn(given);
  }

  private static Object numberIn(String given) {
    try {
      return Integer.parseInt(given);
    } catch (NumberFormatException e) {
      return given;
    }
  }

  private static Map<String, Object> body(RoutingContext ctx, Validator schema) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new Refusal(
          Code.E_UNSUPPORTED_MEDIA_TYPE, "Send the body as Content-Type: application/json.");
    }
    Map<String, Object> tree = parsed(ctx.body().buffer());
    Violations.check(schema, new JsonObject(tree), "");
    return tree;
  }

  private static Map<String, Object> parsed(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      throw new Refusal(Code.E_INVALID_REQUEST, "The body is missing: send JSON.");
    }
    try {
      Map<String, Object> tree = TREE.readValue(body.getBytes());
      if (tree == null) {
        throw new Refusal(Code.E_INVALID_REQUEST, "The body must be an object.");
      }
      return Unstorable.refusedIn(tree);
    } catch (MismatchedInputException e) {
      throw new Refusal(Code.E_INVALID_REQUEST, "The body must be an object.");
    } catch (IOException e) { // Bytes that are no characters included.
      throw new Refusal(Code.E_INVALID_REQUEST, "The body is not valid JSON.");
    }
  }

  /**
   * Fails when the answer cannot be written as JSON; a client that has gone is nobody's failure.
   */
  private static Future<Void> write(HttpServerResponse response, Answer answer) {
    switch (answer) {
      case Data(int status, Object data) -> json(response, status, new Envelope(data));
      case Listing(List<?> data, Answer.Page page) ->
          json(response, 200, new ListEnvelope(data, page));
      case Bare(Object document) -> json(response, 200, document);
      case Plain(String type, String text) ->
          response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(text);
      case Picture picture -> picture(response, picture);
      case Empty() -> response.setStatusCode(204).end();
      case Streaming() -> {}
    }
    return Future.succeededFuture();
  }

  private static void picture(HttpServerResponse response, Picture picture) {
    response
        .putHeader(HttpHeaders.ETAG, picture.tag())
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (picture.isKnown()) {
      response.setStatusCode(304).end();
    } else {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, picture.contentType())
          .end(Buffer.buffer(picture.bytes()));
    }
  }

  private static void json(HttpServerResponse response, int status, Object document) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Json.write(document));
  }

  private record Who(@Nullable UUID user, @Nullable String token) {}

  private record Envelope(@Nullable Object data) {}

  private record ListEnvelope(List<?> data, Answer.Page page) {}
}
