package lectern.conversation;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import lectern.conversation.Turns.Closing;

/**
 * Answers in numbers: how many grow, how many follow them, how they ended and how long they took.
 */
final class AnswerMeters {
  private final MeterRegistry registry;

  AnswerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void watch(Map<?, ?> growing, Pace pace) {
    registry.gaugeMapSize("lectern.answers.growing", List.of(), growing);
    registry.gauge("lectern.answers.followers", pace, Pace::followers);
  }

  void ended(Closing closing) {
    String outcome = closing.errorCode() == null ? closing.finishReason() : closing.errorCode();
    registry
        .timer(
            "lectern.answers.duration", "provider", closing.model().provider(), "outcome", outcome)
        .record(closing.receipt().total());
  }
}
