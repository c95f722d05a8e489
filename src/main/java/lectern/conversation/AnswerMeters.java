package lectern.conversation;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.conversation.Turns.Closing;

/**
 * Answers in numbers: how many grow, how many follow them, how they ended and how long they took.
 */
final class AnswerMeters {
  private final MeterRegistry registry;

  AnswerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void watch(Map<?, ?> growing, AtomicInteger following) {
    registry.gaugeMapSize("lectern.answers.growing", List.of(), growing);
    registry.gauge("lectern.answers.followers", following);
  }

  void ended(Closing closing) {
    String outcome = closing.errorCode() == null ? closing.finishReason() : closing.errorCode();
    registry
        .timer(
            "lectern.answers.duration", "provider", closing.usage().provider(), "outcome", outcome)
        .record(Duration.ofMillis(Objects.requireNonNullElse(closing.usage().latencyMs(), 0)));
  }
}
