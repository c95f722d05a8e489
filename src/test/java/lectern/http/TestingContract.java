package lectern.http;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import lectern.http.Contract.Operation;

/** openapi.yaml as a test holds it against what a server says. */
public final class TestingContract {
  private static final Contract CONTRACT = Contract.load();

  private TestingContract() {}

  /** Every operation, as {@code GET /media/{media_id}}. */
  public static Set<String> lines() {
    return CONTRACT.lines();
  }

  public static boolean isGuarded(String line) {
    return CONTRACT.operation(line).guarded();
  }

  public static boolean takesJson(String line) {
    return CONTRACT.operation(line).body() != null;
  }

  public static boolean takesQuery(String line, String name) {
    return CONTRACT.operation(line).queryNames().contains(name);
  }

  /** Whether an operation answers this method at this path. */
  public static boolean isKnown(String method, String path) {
    return operationAt(method, path) != null;
  }

  /** The names of the parameters in the path, in their order. */
  public static List<String> pathNames(String line) {
    return Pattern.compile("\\{([a-z_]+)}").matcher(line).results().map(m -> m.group(1)).toList();
  }

  /**
   * Fails unless the contract allows this answer: an error is the envelope with a code of ours, and
   * a success has a status of its operation and the form that goes with it.
   */
  public static void check(String method, String path, int status, String type, String body) {
    Operation operation = operationAt(method, path);
    if (status >= 400) {
      isJson(type, status, body);
      check(error(operation), body);
    } else if (operation == null) {
      throw new AssertionError(method + " " + path + " is not in the contract, yet it answered");
    } else if (operation.answers().containsKey(Integer.toString(status))) {
      if (!type.startsWith("text/event-stream")) {
        isJson(type, status, body);
        check(operation.answers().get(Integer.toString(status)), body);
      }
    } else if (status == 204 && !body.isEmpty()) {
      throw new AssertionError("204 with a body: " + body);
    }
  }

  private static void isJson(String type, int status, String body) {
    if (!type.equals("application/json")) {
      throw new AssertionError(status + " as '" + type + "': " + body);
    }
  }

  /** Health answers its failures under their own status; every other operation under default. */
  private static Validator error(Operation operation) {
    Validator own = operation == null ? null : operation.answers().get("default");
    return own == null ? CONTRACT.operation("GET /me").answers().get("default") : own;
  }

  private static void check(Validator schema, String body) {
    OutputUnit result = schema.validate(new JsonObject(body));
    if (!result.getValid()) {
      throw new AssertionError("not as in the contract: " + result.toJson() + "\n" + body);
    }
  }

  /** Where two paths fit, the one with fewer parameters is meant. */
  private static Operation operationAt(String method, String path) {
    return CONTRACT.lines().stream()
        .filter(line -> CONTRACT.operation(line).method().equals(method))
        .filter(line -> CONTRACT.operation(line).isAt(path))
        .min(Comparator.comparingInt(line -> pathNames(line).size()))
        .map(CONTRACT::operation)
        .orElse(null);
  }
}
