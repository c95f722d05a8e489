package lectern.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** A line when a model is asked and one when that has ended. Never what was asked or said. */
final class LlmLog {
  private static final Logger log = LoggerFactory.getLogger(LlmLog.class);

  private LlmLog() {}

  static void started(Generate asked, Stop stop, int attempt) {
    line(Level.INFO, asked, stop.model(), attempt)
        .addKeyValue("key_mode", stop.keyMode())
        .addKeyValue("streaming", true)
        .addKeyValue("llm_operation", "chat_send")
        .addKeyValue("message_chars", asked.prompt().characters())
        .log("llm.request.started");
  }

  static void ended(Generate asked, Trial trial, Attempt attempt, int number) {
    boolean failed = attempt.result() == Attempt.Result.FAILED;
    LoggingEventBuilder line =
        line(failed ? Level.ERROR : Level.INFO, asked, trial.stop().model(), number)
            .addKeyValue("outcome", failed ? "error" : outcome(attempt))
            .addKeyValue("latency_ms", attempt.latency().toMillis())
            .addKeyValue("ttft_ms", millis(attempt.firstDelta()))
            .addKeyValue("provider_request_id", trial.requestId());
    LlmFailure failure = attempt.failure();
    if (failure != null) {
      line.addKeyValue("error_class", failure.kind().word())
          .addKeyValue("status", failure.status() == 0 ? null : failure.status())
          .addKeyValue("reason", failure.reason())
          .log("llm.request.failed");
      return;
    }
    Usage usage = trial.usage();
    line.addKeyValue("tokens_input", usage == null ? null : usage.input())
        .addKeyValue("tokens_output", usage == null ? null : usage.output())
        .addKeyValue("tokens_total", usage == null ? null : usage.total())
        .log("llm.request.finished");
  }

  private static String outcome(Attempt attempt) {
    return attempt.result() == Attempt.Result.ANSWERED ? "success" : "cancelled";
  }

  private static LoggingEventBuilder line(
      Level level, Generate asked, ModelSpec model, int attempt) {
    Generate.Place place = asked.place();
    return log.atLevel(level)
        .addKeyValue("generation", asked.generation())
        .addKeyValue("conversation_id", place == null ? null : place.conversation())
        .addKeyValue("assistant_message_id", place == null ? null : place.message())
        .addKeyValue("provider", model.provider())
        .addKeyValue("model_name", model.modelName())
        .addKeyValue("attempt", attempt);
  }

  private static @Nullable Long millis(@Nullable Duration time) {
    return time == null ? null : time.toMillis();
  }
}
