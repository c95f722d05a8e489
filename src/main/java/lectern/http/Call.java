package lectern.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A request that the contract let through: parameters by name, the body as a record, and who asks.
 *
 * @param parameters path, query and header parameters; defaults filled in
 * @param body the parsed body, null where the operation has none
 * @param viewer the signed-in user, null on open operations
 */
record Call(
    HttpServerRequest request,
    Map<String, String> parameters,
    @Nullable Object body,
    @Nullable UUID viewer,
    @Nullable String token) {

  UUID viewerId() {
    if (viewer == null) {
      throw new IllegalStateException("an open operation has no viewer");
    }
    return viewer;
  }

  String tokenText() {
    if (token == null) {
      throw new IllegalStateException("an open operation has no token");
    }
    return token;
  }

  /** The address the request comes from, as far as it is known. */
  @Nullable String client() {
    return Clients.addressOf(request);
  }

  HttpServerResponse response() {
    return request.response();
  }

  UUID id(String name) {
    return UUID.fromString(text(name));
  }

  @Nullable UUID idOrNull(String name) {
    String value = parameters.get(name);
    return value == null ? null : UUID.fromString(value);
  }

  String text(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return value;
  }

  @Nullable String textOrNull(String name) {
    return parameters.get(name);
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  /** The names in the body, for operations where absent and null mean different things. */
  Set<String> given() {
    return body instanceof Map<?, ?> tree
        ? tree.keySet().stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  <T> T body(Class<T> type) {
    try {
      return Json.mapper().convertValue(body, type);
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof JsonProcessingException) {
        throw new Refusal(Code.E_INVALID_REQUEST, "The body does not have the right form.");
      }
      throw e;
    }
  }
}
