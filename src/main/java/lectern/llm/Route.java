package lectern.llm;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import lectern.llm.LlmFailure.Fallback;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which model is asked next for one question, as long as nothing has been said. It decides and does
 * nothing: whoever asks tells it how that went. Times are milliseconds since 1970.
 *
 * <p>A model that failed is asked again where its class of failure says that may help: once when
 * another one could stand in, twice when nobody can. Then the next that its breakers let through is
 * asked. When all of them rest, one that wakes within two seconds is waited for; otherwise the
 * question fails at once and says for how long.
 */
final class Route {
  /** A provider that asks for a longer wait is left for another, or for later. */
  static final long LONGEST_WAIT_MILLIS = 10_000;

  static final long SHORT_REST_MILLIS = 2_000;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LOADING_PAUSE_MILLIS = 2_000;
  private static final long LOADING_MILLIS = 60_000;

  private final List<Stop> stops;
  private final DoubleSupplier chance;
  private final long firstWordBy;
  private final long endBy;
  private final Set<Stop> done = new HashSet<>();
  private final Map<Stop, Integer> asked = new HashMap<>();
  private @Nullable LlmFailure told;
  private int toldTarget = Integer.MAX_VALUE;
  private int mustReadMoreThan;
  private @Nullable Long loadingSince;

  /** What is to be done next. */
  sealed interface Step {
    record Ask(Stop stop) implements Step {}

    /** Asks, but not yet. */
    record Wait(Stop stop, Duration time) implements Step {}

    record GiveUp(LlmFailure failure) implements Step {}
  }

  /**
   * @param stops in the order they are preferred, at least one
   * @param began when the question came
   */
  Route(List<Stop> stops, DoubleSupplier chance, long began) {
    this.stops = List.copyOf(stops);
    this.chance = chance;
    this.firstWordBy = began + 2 * stops.getFirst().connection().patience().first().toMillis();
    this.endBy =
        began
            + stops.stream()
                .mapToLong(stop -> stop.connection().patience().total().toMillis())
                .max()
                .orElseThrow();
  }

  Step begin(long now) {
    return next(now);
  }

  /** The call to this stop failed before its first word. */
  Step failed(Stop stop, LlmFailure failure, long now) {
    if (stop.target() <= toldTarget) {
      told = failure;
      toldTarget = stop.target();
    }
    if (failure.kind().fallback() == Fallback.A_LARGER_MODEL) {
      mustReadMoreThan = Math.max(mustReadMoreThan, stop.model().maxContextTokens());
    }
    Optional<Duration> again = again(stop, failure, now);
    if (again.isPresent()) {
      return ask(stop, again.get());
    }
    done.add(stop);
    return failure.kind().fallback() == Fallback.NOBODY ? new Step.GiveUp(failure) : next(now);
  }

  /** The patience of a connection, cut to what the whole question has left. */
  Patience patience(Stop stop, long now) {
    return stop.connection().patience().within(left(firstWordBy, now), left(endBy, now));
  }

  private static Duration left(long by, long now) {
    return Duration.ofMillis(Math.max(1, by - now));
  }

  private Step next(long now) {
    if (now >= firstWordBy) {
      return new Step.GiveUp(told == null ? LlmFailure.of(Kind.TIMEOUT) : told);
    }
    Optional<Stop> open =
        stops.stream().filter(this::mayBeAsked).filter(stop -> stop.lets(now)).findFirst();
    if (open.isPresent()) {
      return ask(open.get(), Duration.ZERO);
    }
    Optional<Stop> soonest =
        stops.stream()
            .filter(this::mayBeAsked)
            .min(Comparator.comparingLong(stop -> stop.waitMillis(now)));
    return soonest
        .filter(stop -> stop.waitMillis(now) <= SHORT_REST_MILLIS)
        .map(stop -> ask(stop, Duration.ofMillis(stop.waitMillis(now))))
        .orElseGet(() -> new Step.GiveUp(told == null ? resting(soonest, now) : told));
  }

  private Step ask(Stop stop, Duration wait) {
    asked.merge(stop, 1, Integer::sum);
    return wait.isZero() ? new Step.Ask(stop) : new Step.Wait(stop, wait);
  }

  private boolean mayBeAsked(Stop stop) {
    return !done.contains(stop) && stop.model().maxContextTokens() > mustReadMoreThan;
  }

  /**
   * What opened the breaker that is in the way, and how long it stays; what somebody has to mend is
   * not mended by waiting.
   */
  private static LlmFailure resting(Optional<Stop> soonest, long now) {
    Stop stop = soonest.orElseThrow();
    Kind reason = stop.reason(now);
    long seconds = Math.ceilDiv(stop.waitMillis(now), 1_000);
    Duration wait =
        reason.breaker() == LlmFailure.Breaker.OPENS ? null : Duration.ofSeconds(seconds);
    return new LlmFailure(reason, 0, "resting", wait);
  }

  /** How long to wait before the same model is asked once more, if that may help. */
  private Optional<Duration> again(Stop stop, LlmFailure failure, long now) {
    boolean other =
        stops.stream().anyMatch(one -> !one.equals(stop) && mayBeAsked(one) && one.lets(now))
            && failure.kind().fallback() != Fallback.NOBODY;
    int retries = asked.getOrDefault(stop, 1) - 1;
    long wait =
        switch (failure.retry()) {
          case NEVER -> -1;
          case SOON -> retries < most(failure.kind(), other) ? pause(retries) : -1;
          case AFTER_A_WAIT -> retries < 1 ? asked(failure, retries) : -1;
          case UNTIL_LOADED -> loading(now);
        };
    boolean inTime = wait >= 0 && wait <= LONGEST_WAIT_MILLIS && now + wait < firstWordBy;
    return inTime && stop.lets(now) ? Optional.of(Duration.ofMillis(wait)) : Optional.empty();
  }

  /** Who waited a minute for one model is not made to wait another while there is another model. */
  private static int most(Kind kind, boolean other) {
    if (!other) {
      return 2;
    }
    return kind == Kind.TIMEOUT ? 0 : 1;
  }

  private long asked(LlmFailure failure, int retries) {
    Duration after = failure.retryAfter();
    return after == null ? pause(retries) : Math.max(1, after.toMillis());
  }

  private long pause(int retries) {
    return (long) ((FIRST_PAUSE_MILLIS << retries) * (0.5 + 0.5 * chance.getAsDouble()));
  }

  private long loading(long now) {
    if (loadingSince == null) {
      loadingSince = now;
    }
    return now - loadingSince < LOADING_MILLIS ? LOADING_PAUSE_MILLIS : -1;
  }
}
