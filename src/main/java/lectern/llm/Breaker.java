package lectern.llm;

import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Whether it is worth asking. Closed, everything passes. It opens after three counted failures in a
 * row, or when more than half of at least five calls of the last minute failed, and rests: 15 s,
 * then twice as long each time up to 5 min, a little more or less by chance, or as long as the
 * provider asks for. After that one call at a time finds out; a success closes it. What somebody
 * has to mend opens it at once.
 *
 * <p>Times are milliseconds since 1970 and come from outside, as does chance. For one event loop.
 */
final class Breaker {
  static final int IN_A_ROW = 3;
  static final int ENOUGH = 5;
  static final long FIRST_REST_MILLIS = 15_000;
  static final long LONGEST_REST_MILLIS = 300_000;

  /** A provider that asks for more is asked again by hand, or after this. */
  static final long LONGEST_ASKED_FOR_MILLIS = 3_600_000;

  /** What a question waits for, at most, that meets another one finding out. */
  private static final long PROBE_MILLIS = 5_000;

  private final DoubleSupplier chance;
  private final long mendingMillis;
  private final Runnable turned;
  private final Tally recent = new Tally(60);
  private final Tally health = new Tally(300);

  private State state = State.CLOSED;
  private @Nullable Long since;
  private @Nullable Kind reason;
  private @Nullable Long lastSuccess;
  private @Nullable Long lastFailure;
  private long opensAgain;
  private long rest;
  private int inARow;
  private boolean probing;

  /** Where a breaker stands. */
  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param chance from 0 to 1
   * @param mending how long it stays open for what somebody has to mend
   */
  Breaker(DoubleSupplier chance, Duration mending) {
    this(chance, mending, () -> {});
  }

  /**
   * @param turned runs when the state has changed
   */
  Breaker(DoubleSupplier chance, Duration mending, Runnable turned) {
    this.chance = chance;
    this.turned = turned;
    this.mendingMillis = mending.toMillis();
  }

  boolean lets(long now) {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> now >= opensAgain;
      case HALF_OPEN -> !probing;
    };
  }

  /** How long until it lets a call through; 0 if it does. */
  long waitMillis(long now) {
    if (lets(now)) {
      return 0;
    }
    return state == State.OPEN ? opensAgain - now : PROBE_MILLIS;
  }

  /** A call begins; true when it is the one that finds out. */
  boolean begin(long now) {
    if (state == State.CLOSED) {
      return false;
    }
    if (state == State.OPEN) {
      turn(State.HALF_OPEN, now);
    }
    probing = true;
    return true;
  }

  /** The call that finds out has had a first word: the next one may go. */
  void spoke(boolean probe) {
    probing &= !probe;
  }

  void succeeded(long now) {
    lastSuccess = now;
    recent.add(now, false);
    health.add(now, false);
    inARow = 0;
    close(now);
  }

  /**
   * The call failed.
   *
   * @param probe what {@link #begin} said of it
   * @param mark what its failure says about what is guarded here
   */
  void failed(long now, LlmFailure failure, boolean probe, LlmFailure.Breaker mark) {
    boolean counts = mark != LlmFailure.Breaker.IGNORES;
    spoke(probe);
    health.add(now, counts);
    if (!counts) {
      return;
    }
    lastFailure = now;
    recent.add(now, true);
    inARow++;
    if (mark == LlmFailure.Breaker.OPENS) {
      open(now, failure, mendingMillis);
    } else if (probe || (state == State.CLOSED && isTooMuch(now))) {
      rest =
          probe ? Math.clamp(rest * 2, FIRST_REST_MILLIS, LONGEST_REST_MILLIS) : FIRST_REST_MILLIS;
      open(now, failure, (long) (rest * (0.8 + 0.4 * chance.getAsDouble())));
    }
  }

  /** The call was hung up on; that says nothing. */
  void abandoned(boolean probe) {
    spoke(probe);
  }

  /** Somebody says it is mended. */
  void reset(long now) {
    inARow = 0;
    close(now);
  }

  State state() {
    return state;
  }

  /** Why it is not closed, or null. */
  @Nullable Kind reason() {
    return reason;
  }

  Stand stand(long now) {
    return new Stand(
        state,
        since,
        reason,
        lastSuccess,
        lastFailure,
        health.calls(now),
        health.failures(now),
        state == State.OPEN ? opensAgain : null);
  }

  /** All that is to be told of it; calls and failures are those of the last five minutes. */
  record Stand(
      State state,
      @Nullable Long since,
      @Nullable Kind reason,
      @Nullable Long lastSuccess,
      @Nullable Long lastFailure,
      int calls,
      int failures,
      @Nullable Long nextProbe) {}

  private boolean isTooMuch(long now) {
    int calls = recent.calls(now);
    return inARow >= IN_A_ROW || (calls >= ENOUGH && recent.failures(now) * 2 > calls);
  }

  private void open(long now, LlmFailure failure, long usual) {
    Duration asked = failure.retryAfter();
    long millis = asked == null ? usual : Math.min(asked.toMillis(), LONGEST_ASKED_FOR_MILLIS);
    opensAgain = Math.max(state == State.OPEN ? opensAgain : 0, now + millis);
    reason = failure.kind();
    probing = false;
    turn(State.OPEN, now);
  }

  private void close(long now) {
    if (state != State.CLOSED) {
      recent.clear();
      rest = 0;
      reason = null;
      probing = false;
      turn(State.CLOSED, now);
    }
  }

  private void turn(State to, long now) {
    if (state != to) {
      state = to;
      since = now;
      turned.run();
    }
  }
}
