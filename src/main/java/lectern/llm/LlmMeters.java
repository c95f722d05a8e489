package lectern.llm;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls to models in numbers: how they ended, how long the first word took, how often another model
 * stood in, how many breakers are not closed. Only models of the catalogue are named, so that
 * readers' own servers add no series.
 */
final class LlmMeters {
  private static final Duration[] FIRST_WORD = {
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60),
  };

  private final MeterRegistry registry;
  private final Catalogue catalogue;
  private final AtomicInteger open = new AtomicInteger();

  LlmMeters(MeterRegistry registry, Catalogue catalogue) {
    this.registry = registry;
    this.catalogue = catalogue;
    registry.gauge("lectern.llm.breakers.open", open);
  }

  /** How many breakers are not closed. */
  void open(int breakers) {
    open.set(breakers);
  }

  void attempted(ModelSpec model, Attempt attempt) {
    LlmFailure failure = attempt.failure();
    registry
        .counter(
            "lectern.llm.attempts",
            "provider",
            model.provider(),
            "model",
            name(model),
            "outcome",
            failure == null ? attempt.result().word() : failure.kind().word())
        .increment();
    Duration first = attempt.firstDelta();
    if (first != null) {
      Timer.builder("lectern.llm.first.token")
          .tags("provider", model.provider(), "model", name(model))
          .serviceLevelObjectives(FIRST_WORD)
          .register(registry)
          .record(first);
    }
  }

  /** Another model than the one that was chosen is asked. */
  void fellBack(ModelSpec to) {
    registry
        .counter("lectern.llm.fallbacks", "provider", to.provider(), "model", name(to))
        .increment();
  }

  private String name(ModelSpec model) {
    return catalogue.find(model.provider(), model.modelName()).isPresent()
        ? model.modelName()
        : "other";
  }
}
