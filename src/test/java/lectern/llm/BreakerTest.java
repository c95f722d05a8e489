package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import lectern.llm.Breaker.State;
import lectern.llm.LlmFailure.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BreakerTest {
  private static final long START = 1_800_000_000_000L;

  /** Chance in the middle: rests are exactly as long as they are named. */
  private final Breaker breaker = new Breaker(() -> 0.5, Duration.ofHours(1));

  private long now = START;

  @Test
  void three_failures_in_a_row_open_it_and_two_do_not() {
    fail(Kind.OVERLOADED);
    fail(Kind.TIMEOUT);
    assertThat(breaker.lets(now)).isTrue();
    fail(Kind.OVERLOADED);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.reason()).isEqualTo(Kind.OVERLOADED);
    assertThat(breaker.waitMillis(now)).isEqualTo(15_000);
  }

  @Test
  void a_success_in_between_begins_the_count_anew() {
    fail(Kind.OVERLOADED);
    fail(Kind.OVERLOADED);
    succeed();
    fail(Kind.OVERLOADED);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void more_than_half_of_five_calls_in_a_minute_open_it() {
    fail(Kind.OVERLOADED);
    fail(Kind.OVERLOADED);
    succeed();
    succeed();
    fail(Kind.OVERLOADED);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void exactly_half_do_not_and_neither_do_those_of_more_than_a_minute_ago() {
    fail(Kind.OVERLOADED);
    fail(Kind.OVERLOADED);
    succeed();
    succeed();
    succeed();
    fail(Kind.OVERLOADED);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    now += 65_000;
    succeed();
    succeed();
    succeed();
    fail(Kind.OVERLOADED);
    fail(Kind.OVERLOADED);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void after_its_rest_one_call_finds_out_and_a_success_closes_it() {
    open();
    now += 14_999;
    assertThat(breaker.lets(now)).isFalse();
    now += 1;
    assertThat(breaker.lets(now)).isTrue();
    assertThat(breaker.begin(now)).isTrue();
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.lets(now)).isFalse();
    breaker.spoke(true);
    assertThat(breaker.lets(now)).isTrue();
    breaker.succeeded(now);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.reason()).isNull();
  }

  @Test
  void each_failed_probe_doubles_the_rest_up_to_five_minutes() {
    open();
    for (long rest : new long[] {30_000, 60_000, 120_000, 240_000, 300_000, 300_000}) {
      now += breaker.waitMillis(now);
      assertThat(fail(Kind.UNREACHABLE)).isTrue();
      assertThat(breaker.waitMillis(now)).isEqualTo(rest);
    }
    now += breaker.waitMillis(now);
    succeed();
    open();
    assertThat(breaker.waitMillis(now)).isEqualTo(15_000);
  }

  @Test
  void chance_makes_a_rest_a_fifth_longer_or_shorter() {
    assertThat(restWithChance(0)).isEqualTo(12_000);
    assertThat(restWithChance(1)).isEqualTo(18_000);
  }

  private long restWithChance(double chance) {
    Breaker other = new Breaker(() -> chance, Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      other.failed(now, LlmFailure.of(Kind.OVERLOADED), false, LlmFailure.Breaker.COUNTS);
    }
    return other.waitMillis(now);
  }

  @Test
  void what_the_provider_asks_for_takes_the_place_of_the_rest_up_to_an_hour() {
    fail(Kind.RATE_LIMIT, Duration.ofSeconds(40));
    fail(Kind.RATE_LIMIT, Duration.ofSeconds(40));
    fail(Kind.RATE_LIMIT, Duration.ofSeconds(40));
    assertThat(breaker.waitMillis(now)).isEqualTo(40_000);
    now += 40_000;
    fail(Kind.RATE_LIMIT, Duration.ofHours(30));
    assertThat(breaker.waitMillis(now)).isEqualTo(3_600_000);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"INVALID_KEY", "OUT_OF_MONEY", "MODEL_NOT_FOUND"})
  void what_somebody_has_to_mend_opens_it_at_once(Kind kind) {
    fail(kind);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.reason()).isEqualTo(kind);
    assertThat(breaker.waitMillis(now)).isEqualTo(Duration.ofHours(1).toMillis());
    breaker.reset(now);
    assertThat(breaker.lets(now)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BAD_REQUEST", "CONTEXT_TOO_LARGE", "REFUSED", "NO_ROOM", "EMPTY", "STARTING"})
  void what_is_the_questions_fault_is_never_counted(Kind kind) {
    for (int i = 0; i < 20; i++) {
      fail(kind);
    }
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.stand(now).failures()).isZero();
    assertThat(breaker.stand(now).calls()).isEqualTo(20);
  }

  @Test
  void a_probe_that_is_hung_up_on_lets_the_next_one_go() {
    open();
    now += 15_000;
    boolean probe = breaker.begin(now);
    breaker.abandoned(probe);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.lets(now)).isTrue();
  }

  @Test
  void a_call_from_before_it_opened_neither_frees_the_probe_nor_lengthens_the_rest() {
    boolean early = breaker.begin(now);
    boolean alsoEarly = breaker.begin(now);
    open();
    breaker.failed(now, LlmFailure.of(Kind.OVERLOADED), early, LlmFailure.Breaker.COUNTS);
    assertThat(breaker.waitMillis(now)).isEqualTo(15_000);
    now += 15_000;
    breaker.begin(now);
    breaker.failed(now, LlmFailure.of(Kind.OVERLOADED), alsoEarly, LlmFailure.Breaker.COUNTS);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.lets(now)).isFalse();
  }

  @Test
  void it_tells_what_it_has_seen_in_five_minutes() {
    succeed();
    now += 100_000;
    fail(Kind.TIMEOUT);
    Breaker.Stand stand = breaker.stand(now);
    assertThat(stand.calls()).isEqualTo(2);
    assertThat(stand.failures()).isEqualTo(1);
    assertThat(stand.lastSuccess()).isEqualTo(START);
    assertThat(stand.lastFailure()).isEqualTo(now);
    assertThat(stand.nextProbe()).isNull();
    now += 305_000;
    assertThat(breaker.stand(now).calls()).isZero();
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(now, LlmFailure.of(Kind.UNREACHABLE), false, LlmFailure.Breaker.COUNTS);
    }
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  private boolean fail(Kind kind) {
    return fail(kind, null);
  }

  private boolean fail(Kind kind, @Nullable Duration retryAfter) {
    boolean probe = breaker.begin(now);
    breaker.failed(now, new LlmFailure(kind, 0, null, retryAfter), probe, kind.breaker());
    return probe;
  }

  private void succeed() {
    breaker.begin(now);
    breaker.succeeded(now);
  }
}
