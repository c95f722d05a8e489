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
import static lectern.llm.LlmFailure.Kind.TIMEOUT;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import lectern.llm.LlmFailure.Kind;

/**
 * Tells the failures of OpenAI and its kin apart. Words come before statuses, because an empty
 * account answers with 400, 402, 403 or 429 and only the words tell it from a fault of ours or from
 * haste.
 */
final class OpenAiErrors {
  private static final Pattern MONEY =
      words(
          "exceeded your current quota",
          "credit balance is too low",
          "insufficient (credits|balance|funds)",
          "reached your specified api usage limits",
          "spend(ing)? limit");

  /**
   * How the servers in use word an overlong prompt: OpenAI, llama.cpp, LM Studio, vLLM, Groq and
   * others.
   */
  private static final Pattern CONTEXT =
      words(
          "maximum context length",
          "exceeds the context window",
          "exceeds the available context size",
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
      words("model .{0,200}(not found|does not exist|is not available)", "no such model");

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
                  "project_spend_limit_exceeded"),
              (status, message) -> status == 402 || MONEY.matcher(message).find()),
          new Rule(
              CONTEXT_TOO_LARGE,
              Set.of("context_length_exceeded", "exceed_context_size_error"),
              (status, message) ->
                  status == 413 || isOurs(status) && CONTEXT.matcher(message).find()),
          new Rule(
              REFUSED,
              Set.of(
                  "content_filter",
                  "content_policy_violation",
                  "invalid_prompt",
                  "bio_policy",
                  "misalignment_policy_violation"),
              (status, message) -> false),
          new Rule(
              MODEL_NOT_FOUND,
              Set.of("model_not_found"),
              (status, message) ->
                  status == 404 || status == 400 && NO_MODEL.matcher(message).find()),
          new Rule(INVALID_KEY, Set.of("invalid_api_key"), (status, message) -> false),
          new Rule(
              RATE_LIMIT,
              Set.of("rate_limit_exceeded", "rate_limit_error", "slow_down"),
              (status, message) -> false));

  private OpenAiErrors() {}

  /** The class of an error told with an HTTP status, or inside a stream when the status is 0. */
  static Kind kind(int httpStatus, ProviderError error) {
    int status = httpStatus == 0 || httpStatus == 200 ? error.status() : httpStatus;
    return RULES.stream()
        .filter(rule -> rule.fits(status, error))
        .map(Rule::kind)
        .findFirst()
        .orElseGet(() -> byStatus(status));
  }

  /** A rate limit speaks of tokens too, and a server in trouble of anything. */
  private static boolean isOurs(int status) {
    return status < 500 && status != 429;
  }

  private static Kind byStatus(int status) {
    return switch (status) {
      case 401, 403 -> INVALID_KEY;
      case 429 -> RATE_LIMIT;
      case 408, 504 -> TIMEOUT;
      default -> {
        if (status >= 500 || status == 0) {
          yield OVERLOADED;
        }
        yield status >= 400 ? BAD_REQUEST : GARBLED;
      }
    };
  }

  private static Pattern words(String... alternatives) {
    return Pattern.compile(String.join("|", alternatives), Pattern.CASE_INSENSITIVE);
  }

  /** A class of failure, the words that mean it, and what else does. */
  private record Rule(Kind kind, Set<String> words, BiPredicate<Integer, String> otherwise) {
    boolean fits(int status, ProviderError error) {
      return words.contains(error.code())
          || words.contains(error.type())
          || otherwise.test(status, error.message());
    }
  }
}
