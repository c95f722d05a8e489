package lectern.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Set;
import java.util.regex.Pattern;
import lectern.bus.Json;
import org.jspecify.annotations.Nullable;

/**
 * The error a provider describes in a body or in an event of its stream. All parts may be empty:
 * some servers send HTML, some nothing.
 *
 * @param status what {@code code} says when it is an HTTP status, else 0
 */
record ProviderError(String type, String code, String param, String message, int status) {
  static final ProviderError NONE = new ProviderError("", "", "", "", 0);

  private static final Pattern SHORT_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Reads OpenAI's shape, the flat one of older servers, and a plain string under "error". */
  static ProviderError in(String body) {
    try {
      JsonNode root = Json.mapper().readTree(body);
      return root == null || !root.isObject() ? NONE : in(root);
    } catch (JsonProcessingException e) {
      return NONE;
    }
  }

  static ProviderError in(JsonNode root) {
    JsonNode error = root.path("error");
    if (error.isTextual()) {
      return new ProviderError("", "", "", error.textValue(), 0);
    }
    JsonNode from = error.isObject() ? error : root;
    String message = from.path("message").asText("");
    return new ProviderError(
        from.path("type").asText(""),
        from.path("code").isTextual() ? from.path("code").textValue() : "",
        from.path("param").asText(""),
        message.isEmpty() ? text(root.path("detail")) : message,
        from.path("code").asInt(0));
  }

  /** Whether its type or code is one of these words. */
  boolean says(String... words) {
    Set<String> any = Set.of(words);
    return any.contains(code) || any.contains(type);
  }

  /** The most telling short word, safe to keep and to log, or null. */
  @Nullable String word() {
    if (SHORT_WORD.matcher(code).matches()) {
      return code;
    }
    return SHORT_WORD.matcher(type).matches() ? type : null;
  }

  private static String text(JsonNode detail) {
    return detail instanceof MissingNode || detail.isNull() ? "" : detail.toString();
  }

  /** Lengths only: error messages quote prompts and keys. */
  @Override
  public String toString() {
    return "ProviderError[word=%s, message=%d]".formatted(word(), message.length());
  }
}
