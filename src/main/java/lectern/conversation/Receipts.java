package lectern.conversation;

import java.time.Duration;
import java.util.List;
import lectern.llm.Attempt;
import lectern.llm.LlmFailure;
import lectern.llm.Outcome.Receipt;
import lectern.llm.Usage;
import lectern.models.Model;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;

/** What model callers say of an answer, as it is stored with it and told to readers. */
final class Receipts {
  private Receipts() {}

  /**
   * @param ways those that were open to the models of the receipt, in their order
   */
  static AnswerUsage usage(
      Admitted admitted, List<Way> ways, Receipt receipt, @Nullable Duration retryAfter) {
    Model asked = admitted.model();
    String answered = receipt.model() == null ? asked.modelName() : receipt.model();
    Usage usage = receipt.usage();
    return new AnswerUsage(
        receipt.attempts().isEmpty() ? asked.provider() : receipt.attempts().getLast().provider(),
        answered,
        answered.equals(asked.modelName()) ? null : asked.modelName(),
        usage == null ? null : usage.input(),
        usage == null ? null : usage.output(),
        usage == null ? null : (int) Math.min(Integer.MAX_VALUE, usage.total()),
        usage == null ? null : usage.cachedInput(),
        usage == null ? null : usage.reasoning(),
        receipt.costUsdMicros(),
        millis(receipt.total()),
        millis(receipt.firstDelta()),
        admitted.send().keyMode(),
        ways.get(receipt.attempts().isEmpty() ? 0 : receipt.attempts().getLast().target())
            .keyModeUsed(),
        receipt.requestId(),
        Prompts.VERSION,
        retryAfter == null ? null : seconds(retryAfter),
        receipt.attempts().stream().map(Receipts::attempt).toList());
  }

  private static AnswerUsage.Attempt attempt(Attempt call) {
    LlmFailure failure = call.failure();
    return new AnswerUsage.Attempt(
        call.provider(),
        call.modelName(),
        call.result().word(),
        failure == null ? null : failure.code().name(),
        millis(call.latency()),
        millis(call.firstDelta()));
  }

  private static @Nullable Integer millis(@Nullable Duration duration) {
    return duration == null ? null : (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }

  /** Whole seconds, rounded up: to come back a moment late is better than early. */
  private static int seconds(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.plusMillis(999).toSeconds());
  }
}
