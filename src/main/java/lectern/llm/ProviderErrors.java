package lectern.llm;

import static lectern.llm.LlmFailure.Kind.BAD_REQUEST;
import static lectern.llm.LlmFailure.Kind.CONTEXT_TOO_LARGE;
import static lectern.llm.LlmFailure.Kind.GARBLED;
import static lectern.llm.LlmFailure.Kind.INVALID_KEY;
import static lectern.llm.LlmFailure.Kind.MODEL_NOT_FOUND;
import static lectern.llm.LlmFailure.Kind.OUT_OF_MONEY;
import static lectern.llm.LlmFailure.Kind.OVERLOADED;
import static lectern.llm.LlmFailure.Kind.RATE_LIMIT;
import static lectern.llm.LlmFailure.Kind.REFUSED;
import static lectern.llm.LlmFailure.Kind.STARTING;
import static lectern.llm.LlmFailure.Kind.TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lectern.llm.LlmFailure.Kind;

/**
 * Tells the failures of all providers apart. One table for all, because proxies pass on each
 * other's. Words come before statuses, because an empty account answers with 400, 402, 403 or 429
 * and only the words tell it from a fault of ours or from haste.
 */
final class ProviderErrors {
  private static final Pattern MONEY =
      words(
          "exceeded your current quota",
          "credit balance is too low",
          "insufficient (credits|balance|funds)",
          "reached your specified api usage limits",
          "spend(ing)? limit");

  /** A limit that is counted by the day ends with the day, not in a moment. */
  private static final Pattern DAILY = words("PerDay");

  /** Who asks to be left alone for longer means more than haste. */
  private static final Duration LONG = Duration.ofHours(1);

  /** How the servers in use word an overlong prompt. */
  private static final Pattern CONTEXT =
      words(
          "maximum context length",
          "exceeds the context window",
          "exceeds the available context size",
          "exceeds the maximum number of tokens",
          "greater than the context length",
          "reduce the length of the messages",
          "maximum prompt length is",
          "input is too long",
          "prompt is too long",
          "exceeded model token limit",
          "filled the context window",
          "context[_ ]length[_ ]exceeded",
          "too many tokens");

  private static final Pattern NO_MODEL =
      words("models?.{0,200}(not found|does not exist|is not available)", "no such model");

  private static final Pattern MODERATED = words("requires moderation", "input was flagged");

  private static final Pattern LOADING = words("loading model", "model is loading");

  /** The first rule that fits decides. */
  private static final List<Rule> RULES =
      List.of(
          new Rule(
              OUT_OF_MONEY,
              Set.of(
                  "insufficient_quota",
                  "credit_balance_exhausted",
                  "organization_usage_limit_exceeded",
                  "organization_spend_limit_exceeded",
                  "project_spend_limit_exceeded",
                  "billing_error",
                  "enforced_spend_limit_reached",
                  "contract_spend_limit_reached",
                  "QUOTA_EXHAUSTED",
                  "FAILED_PRECONDITION",
                  "quota_exceeded",
                  "payment_required"),
              (status, error) ->
                  status == 402 || status < 500 && MONEY.matcher(error.message()).find()),
          new Rule(OUT_OF_MONEY, Set.of(), (status, error) -> status == 429 && isLasting(error)),
          new Rule(
              CONTEXT_TOO_LARGE,
              Set.of("context_length_exceeded", "exceed_context_size_error", "request_too_large"),
              (status, error) ->
                  status == 413 || isOurs(status) && CONTEXT.matcher(error.message()).find()),
          new Rule(
              REFUSED,
              Set.of(
                  "content_filter",
                  "content_policy_violation",
                  "invalid_prompt",
                  "bio_policy",
                  "misalignment_policy_violation"),
              (status, error) -> status == 403 && MODERATED.matcher(error.message()).find()),
          new Rule(
              INVALID_KEY, Set.of("invalid_api_key", "API_KEY_INVALID"), (status, error) -> false),
          new Rule(
              MODEL_NOT_FOUND,
              Set.of("model_not_found"),
              (status, error) ->
                  status == 404 || status == 400 && NO_MODEL.matcher(error.message()).find()),
          new Rule(
              STARTING,
              Set.of(),
              (status, error) -> status == 503 && LOADING.matcher(error.message()).find()),
          new Rule(
              RATE_LIMIT,
              Set.of("rate_limit_exceeded", "rate_limit_error", "slow_down", "ramp_limit_exceeded"),
              (status, error) -> false));

  /** What a word means where no status says anything: inside a stream. */
  private static final Map<String, Kind> IN_STREAM =
      Map.ofEntries(
          Map.entry("authentication_error", INVALID_KEY),
          Map.entry("permission_error", INVALID_KEY),
          Map.entry("authentication", INVALID_KEY),
          Map.entry("permission_denied", INVALID_KEY),
          Map.entry("UNAUTHENTICATED", INVALID_KEY),
          Map.entry("PERMISSION_DENIED", INVALID_KEY),
          Map.entry("RESOURCE_EXHAUSTED", RATE_LIMIT),
          Map.entry("timeout_error", TIMEOUT),
          Map.entry("DEADLINE_EXCEEDED", TIMEOUT),
          Map.entry("not_found_error", MODEL_NOT_FOUND),
          Map.entry("not_found", MODEL_NOT_FOUND),
          Map.entry("NOT_FOUND", MODEL_NOT_FOUND),
          Map.entry("invalid_request_error", BAD_REQUEST),
          Map.entry("invalid_request", BAD_REQUEST),
          Map.entry("parameter_unknown", BAD_REQUEST),
          Map.entry("out_of_range", BAD_REQUEST),
          Map.entry("INVALID_ARGUMENT", BAD_REQUEST),
          Map.entry("data_residency_mismatch", BAD_REQUEST));

  private ProviderErrors() {}

  /** The class of an error told with an HTTP status, or inside a stream when the status is 0. */
  static Kind kind(int httpStatus, ProviderError error) {
    int status = httpStatus == 0 || httpStatus == 200 ? error.status() : httpStatus;
    return RULES.stream()
        .filter(rule -> rule.fits(status, error))
        .map(Rule::kind)
        .findFirst()
        .orElseGet(() -> status == 0 ? byWord(error) : byStatus(status));
  }

  private static boolean isLasting(ProviderError error) {
    boolean long_ = error.retryDelay() != null && error.retryDelay().compareTo(LONG) >= 0;
    return long_ || error.words().stream().anyMatch(word -> DAILY.matcher(word).find());
  }

  /** A rate limit speaks of tokens too, and a server in trouble of anything. */
  private static boolean isOurs(int status) {
    return status < 500 && status != 429;
  }

  private static Kind byWord(ProviderError error) {
    return error.words().stream()
        .flatMap(word -> Optional.ofNullable(IN_STREAM.get(word)).stream())
        .findFirst()
        .orElse(OVERLOADED);
  }

  private static Kind byStatus(int status) {
    return switch (status) {
      case 401, 403 -> INVALID_KEY;
      case 429 -> RATE_LIMIT;
      case 408, 504 -> TIMEOUT;
      default -> {
        if (status >= 500) {
          yield OVERLOADED;
        }
        yield status >= 400 ? BAD_REQUEST : GARBLED;
      }
    };
  }

  private static Pattern words(String... alternatives) {
    return Pattern.compile(String.join("|", alternatives), Pattern.CASE_INSENSITIVE);
  }

  /** What else than a word shows a class. */
  private interface Sign {
    boolean isIn(int status, ProviderError error);
  }

  /** A class of failure, the words that mean it, and what else does. */
  private record Rule(Kind kind, Set<String> words, Sign otherwise) {
    boolean fits(int status, ProviderError error) {
      return error.words().stream().anyMatch(words::contains) || otherwise.isIn(status, error);
    }
  }
}
