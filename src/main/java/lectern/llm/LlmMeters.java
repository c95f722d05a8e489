package lectern.llm;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls to models in numbers: how they ended, how long the first word took, how often another model
 * stood in, how many breakers of a provider are not closed. Only models of the catalogue are named,
 * so that readers' own servers add no series.
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
  private final Map<Breaker.State, Map<String, AtomicInteger>> standing =
      new EnumMap<>(Breaker.State.class);

  LlmMeters(MeterRegistry registry, Catalogue catalogue) {
    this.registry = registry;
    this.catalogue = catalogue;
  }

  /** How many breakers of each provider are open, and how many are finding out. */
  void standing(Breakers breakers) {
    for (Breaker.State state : List.of(Breaker.State.OPEN, Breaker.State.HALF_OPEN)) {
      Map<String, AtomicInteger> gauges = standing.computeIfAbsent(state, _ -> new HashMap<>());
      Map<String, Integer> counts = breakers.in(state);
      counts.keySet().forEach(name -> gauges.computeIfAbsent(name, _ -> gauge(name, state)));
      gauges.forEach((provider, gauge) -> gauge.set(counts.getOrDefault(provider, 0)));
    }
  }

  private AtomicInteger gauge(String provider, Breaker.State state) {
    Tags tags = Tags.of("provider", provider, "state", state.word());
    return Objects.requireNonNull(
        registry.gauge("lectern.llm.breakers", tags, new AtomicInteger()));
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
