package lectern.http;

import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * Turns what a schema found wrong into one sentence that names the field. Values are never
 * repeated: a password that is too short must not come back in an error.
 */
final class Violations {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
  private static final Map<String, String> KINDS =
      Map.of(
          "string", "text",
          "integer", "a whole number",
          "number", "a number",
          "boolean", "true or false",
          "object", "an object",
          "array", "a list");

  private Violations() {}

  /** Lets a value through, or refuses it for the most telling of its faults. */
  static void check(Validator schema, Object value, String where) {
    OutputUnit result = schema.validate(value);
    if (!Boolean.TRUE.equals(result.getValid())) {
      throw refusal(mostTelling(result.getErrors()), where);
    }
  }

  /** The deepest fault says what to mend; those above it only say that something below is wrong. */
  private static OutputUnit mostTelling(List<OutputUnit> faults) {
    return faults.stream()
        .max(
            Comparator.comparingInt((OutputUnit fault) -> depth(fault.getInstanceLocation()))
                .thenComparingInt(fault -> rank(keyword(fault))))
        .orElseThrow();
  }

  private static int depth(String location) {
    return (int) location.chars().filter(c -> c == '/').count();
  }

  /** A field that fails its own schema is reported as unknown too; then the first reason counts. */
  private static int rank(String keyword) {
    return switch (keyword) {
      case "$ref", "properties", "items", "oneOf", "anyOf", "allOf" -> 0;
      case "additionalProperties" -> 1;
      default -> 2;
    };
  }

  private static String keyword(OutputUnit fault) {
    String location = fault.getKeywordLocation();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static Refusal refusal(OutputUnit fault, String where) {
    String keyword = keyword(fault);
    String field = field(fault, keyword, where);
    return new Refusal(
        Code.E_INVALID_REQUEST,
        "`" + field + "` " + problem(keyword, fault.getError()) + ".",
        Map.of("field", field));
  }

  private static String field(OutputUnit fault, String keyword, String where) {
    String path = fault.getInstanceLocation().replaceFirst("^#?/?", "").replace('/', '.');
    String parent = path.isEmpty() ? where : where.isEmpty() ? path : where + "." + path;
    if (!keyword.equals("required")) {
      return parent.isEmpty() ? "body" : parent;
    }
    String missing = quoted(fault.getError());
    return parent.isEmpty() ? missing : parent + "." + missing;
  }

  private static String problem(String keyword, String error) {
    return switch (keyword) {
      case "required" -> "is missing";
      case "additionalProperties" -> "is not known here";
      case "type" -> "must be " + kind(error);
      case "enum" -> "must be one of " + error.substring(error.indexOf('[') + 1).replace("]", "");
      case "minLength", "minItems" -> "is too short: at least " + bound(error) + " wanted";
      case "maxLength", "maxItems" -> "is too long: at most " + bound(error) + " allowed";
      case "minimum" -> "is too small: at least " + lastWord(error) + " wanted";
      case "maximum" -> "is too large: at most " + lastWord(error) + " allowed";
      case "pattern" -> "does not have the right form";
      default -> "is not what is expected here";
    };
  }

  private static String kind(String error) {
    String expected = error.substring(error.indexOf("Expected ") + "Expected ".length());
    return KINDS.getOrDefault(expected, expected);
  }

  private static String bound(String error) {
    return error.substring(error.lastIndexOf(' ') + 1).replace(")", "");
  }

  private static String lastWord(String error) {
    return error.substring(error.lastIndexOf(' ') + 1);
  }

  private static String quoted(String error) {
    Matcher matcher = QUOTED.matcher(error);
    return matcher.find() ? matcher.group(1) : "a field";
  }
}
