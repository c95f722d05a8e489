package lectern.llm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error a provider describes in a body or in an event of its stream. All parts may be empty:
 * some servers send HTML, some nothing.
 *
 * @param words the short words that name it, the most telling first: codes, types, reasons, and the
 *     names of limits that were passed
 * @param param the parameter it is about
 * @param status what {@code code} says when it is an HTTP status, else 0
 * @param retryDelay how long it asks to be left alone, or null
 * @param requestId the provider's own name for the call, or null
 */
record ProviderError(
    List<String> words,
    String param,
    String message,
    int status,
    @Nullable Duration retryDelay,
    @Nullable String requestId) {
  /** Reads without the buffers that are kept for the next text: an error may repeat a key. */
  private static final ObjectMapper FORGETFUL =
      new ObjectMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build());

  static final ProviderError NONE = new ProviderError(List.of(), "", "", 0, null, null);

  private static final Pattern SHORT_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** More names than this of one error tell nothing more. */
  private static final int MOST_WORDS = 16;

  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(86_400);

  /** Reads every provider's shape, in an array or not, and a plain string under "error". */
  static ProviderError in(String body) {
    try {
      JsonNode root = FORGETFUL.readTree(body);
      JsonNode only = root != null && root.isArray() ? root.path(0) : root;
      return only == null || !only.isObject() ? NONE : in(only);
    } catch (JsonProcessingException e) {
      return NONE;
    }
  }

  static ProviderError in(JsonNode root) {
    JsonNode error = root.path("error");
    if (error.isTextual()) {
      return new ProviderError(List.of(), "", error.textValue(), 0, null, null);
    }
    JsonNode from = error.isObject() ? error : root;
    String message = from.path("message").asText("");
    return new ProviderError(
        words(from),
        from.path("param").asText(""),
        message.isEmpty() ? text(root.path("detail")) : message,
        from.path("code").asInt(0),
        retryDelay(from.path("details")),
        JsonStream.name(root.path("request_id")));
  }

  private static List<String> words(JsonNode from) {
    List<String> words = new ArrayList<>();
    JsonNode details = from.path("details");
    add(words, details.path("error_code"));
    details.forEach(detail -> add(words, detail.path("reason")));
    details.findValues("quotaId").forEach(quota -> add(words, quota));
    if (from.path("code").isTextual()) {
      add(words, from.path("code"));
    }
    add(words, from.path("type"));
    add(words, from.path("status"));
    add(words, from.path("metadata").path("error_type"));
    return List.copyOf(words);
  }

  private static void add(List<String> words, JsonNode word) {
    String text = shortWord(word.asText(""));
    if (text != null && !text.equals("error") && words.size() < MOST_WORDS) {
      words.add(text);
    }
  }

  /** The word if it is one that may be kept and logged, else null. */
  static @Nullable String shortWord(String text) {
    return SHORT_WORD.matcher(text).matches() ? text : null;
  }

  private static @Nullable Duration retryDelay(JsonNode details) {
    for (JsonNode detail : details) {
      String delay = detail.path("retryDelay").asText("");
      if (delay.matches("[0-9]{1,9}(\\.[0-9]{1,9})?s")) {
        BigDecimal seconds = new BigDecimal(delay.substring(0, delay.length() - 1));
        return Duration.ofMillis(seconds.min(LONGEST_SECONDS).movePointRight(3).longValue());
      }
    }
    return null;
  }

  /** Whether one of its words is one of these. */
  boolean says(String... any) {
    return Arrays.stream(any).anyMatch(words::contains);
  }

  /** The most telling word, safe to keep and to log, or null. */
  @Nullable String word() {
    return words.isEmpty() ? null : words.getFirst();
  }

  private static String text(JsonNode detail) {
    return detail.isMissingNode() || detail.isNull() ? "" : detail.toString();
  }

  /** Lengths only: error messages quote prompts and keys. */
  @Override
  public String toString() {
    return "ProviderError[word=%s, message=%d]".formatted(word(), message.length());
  }
}
