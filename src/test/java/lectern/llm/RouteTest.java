package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lectern.llm.LlmFailure.Kind;
import lectern.llm.Route.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouteTest {
  private static final long START = 1_800_000_000_000L;

  private final Breakers breakers = new Breakers(() -> 0.5);
  private long now = START;

  @Test
  void the_first_model_is_asked_first() {
    Route route = route(8_000, 8_000);
    assertThat(target(route.begin(now))).isZero();
  }

  @ParameterizedTest(name = "{0}: asked {1} times alone, {2} times when another can stand in")
  @CsvSource({
    "OVERLOADED,        3, 2",
    "UNREACHABLE,       3, 2",
    "INTERRUPTED,       3, 2",
    "EMPTY,             3, 2",
    "TIMEOUT,           3, 1",
    "RATE_LIMIT,        2, 2",
    "GARBLED,           1, 1",
    "INVALID_KEY,       1, 1",
    "OUT_OF_MONEY,      1, 1",
    "MODEL_NOT_FOUND,   1, 1",
    "CONTEXT_TOO_LARGE, 1, 1",
    "REFUSED,           1, 1",
    "NO_ROOM,           1, 1",
    "BAD_REQUEST,       1, 1",
  })
  void a_class_says_how_often_the_same_model_is_asked(Kind kind, int alone, int notAlone) {
    LlmFailure failure = LlmFailure.of(kind);
    assertThat(timesFirstIsAsked(route(8_000), failure)).isEqualTo(alone);
    assertThat(timesFirstIsAsked(route(8_000, 16_000), failure)).isEqualTo(notAlone);
  }

  private int timesFirstIsAsked(Route route, LlmFailure failure) {
    int times = 0;
    Step step = route.begin(now);
    while (!(step instanceof Step.GiveUp) && target(step) == 0) {
      times++;
      step = route.failed(stop(step), failure, now);
    }
    return times;
  }

  @ParameterizedTest(name = "{0}, told {1}: {2} times alone, {3} when another can stand in")
  @CsvSource({
    "OVERLOADED,      false, 1, 1",
    "RATE_LIMIT,      false, 1, 1",
    "STARTING,        false, 1, 1",
    "OVERLOADED,      true,  3, 2",
    "BAD_REQUEST,     true,  2, 2",
    "GARBLED,         true,  2, 2",
    "INVALID_KEY,     true,  1, 1",
    "OUT_OF_MONEY,    true,  1, 1",
    "MODEL_NOT_FOUND, true,  1, 1",
  })
  void what_the_provider_says_of_asking_again_is_heeded_where_its_words_are_not_plainer(
      Kind kind, boolean told, int alone, int notAlone) {
    LlmFailure failure = new LlmFailure(kind, 0, null, null, told);
    assertThat(timesFirstIsAsked(route(8_000), failure)).isEqualTo(alone);
    assertThat(timesFirstIsAsked(route(8_000, 16_000), failure)).isEqualTo(notAlone);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REFUSED", "NO_ROOM", "BAD_REQUEST"})
  void what_would_be_asked_wrongly_again_goes_to_nobody_else(Kind kind) {
    Route route = route(8_000, 16_000);
    Step step = route.failed(stop(route.begin(now)), LlmFailure.of(kind), now);
    assertThat(step).isEqualTo(new Step.GiveUp(LlmFailure.of(kind)));
  }

  @Test
  void what_is_too_much_for_one_goes_only_to_models_that_read_more() {
    Route route = route(8_000, 8_000, 4_000, 16_000);
    Step step = route.failed(stop(route.begin(now)), LlmFailure.of(Kind.CONTEXT_TOO_LARGE), now);
    assertThat(target(step)).isEqualTo(3);
    Step after = route.failed(stop(step), LlmFailure.of(Kind.INVALID_KEY), now);
    assertThat(((Step.GiveUp) after).failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LARGE);
  }

  @Test
  void a_retry_waits_a_moment_that_chance_makes_shorter_or_longer() {
    Route route = route(8_000);
    Step again = route.failed(stop(route.begin(now)), LlmFailure.of(Kind.OVERLOADED), now);
    assertThat(((Step.Wait) again).time()).isEqualTo(Duration.ofMillis(375));
    Step third = route.failed(stop(again), LlmFailure.of(Kind.OVERLOADED), now);
    assertThat(((Step.Wait) third).time()).isEqualTo(Duration.ofMillis(750));
  }

  @Test
  void a_short_wait_that_the_provider_asks_for_is_waited() {
    Route route = route(8_000, 8_000);
    Step again = route.failed(stop(route.begin(now)), limited(9), now);
    assertThat(again).isInstanceOf(Step.Wait.class);
    assertThat(target(again)).isZero();
    assertThat(((Step.Wait) again).time()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void a_long_wait_goes_to_the_next_model_and_is_told_where_there_is_none() {
    Route two = route(8_000, 8_000);
    assertThat(target(two.failed(stop(two.begin(now)), limited(11), now))).isEqualTo(1);
    Route one = route(8_000);
    Step end = one.failed(stop(one.begin(now)), limited(11), now);
    assertThat(end).isEqualTo(new Step.GiveUp(limited(11)));
  }

  @Test
  void a_model_that_rests_is_passed_over() {
    List<Stop> stops = stops(8_000, 8_000);
    rest(stops.getFirst(), null);
    assertThat(target(new Route(stops, () -> 0.5, now).begin(now))).isEqualTo(1);
  }

  @Test
  void a_key_that_is_not_accepted_rests_all_models_of_its_connection_and_no_other() {
    List<Stop> stops = stops(8_000, 8_000);
    stops.getFirst().begin(now).failed(now, LlmFailure.of(Kind.INVALID_KEY));
    Stop sibling = stop(2, "model-9", "host-0", 8_000);
    assertThat(sibling.lets(now)).isFalse();
    assertThat(stops.get(1).lets(now)).isTrue();
  }

  @Test
  void what_somebody_has_to_mend_names_no_seconds() {
    List<Stop> stops = stops(8_000);
    stops.getFirst().begin(now).failed(now, LlmFailure.of(Kind.OUT_OF_MONEY));
    Step end = new Route(stops, () -> 0.5, now).begin(now);
    assertThat(end)
        .isEqualTo(new Step.GiveUp(new LlmFailure(Kind.OUT_OF_MONEY, 0, "resting", null)));
  }

  @Test
  void a_model_that_is_overloaded_rests_alone() {
    List<Stop> stops = stops(8_000);
    rest(stops.getFirst(), null);
    assertThat(stops.getFirst().lets(now)).isFalse();
    assertThat(stop(1, "model-9", "host-0", 8_000).lets(now)).isTrue();
  }

  @Test
  void when_all_rest_one_that_wakes_within_two_seconds_is_waited_for() {
    List<Stop> stops = stops(8_000, 8_000);
    rest(stops.get(0), Duration.ofSeconds(3));
    rest(stops.get(1), Duration.ofSeconds(2));
    Step step = new Route(stops, () -> 0.5, now).begin(now);
    assertThat(step).isEqualTo(new Step.Wait(stops.get(1), Duration.ofSeconds(2)));
  }

  @Test
  void when_all_rest_longer_the_question_fails_at_once_and_says_for_how_long() {
    List<Stop> stops = stops(8_000, 8_000);
    rest(stops.get(0), Duration.ofSeconds(40));
    rest(stops.get(1), Duration.ofMillis(7_001));
    Step.GiveUp end = (Step.GiveUp) new Route(stops, () -> 0.5, now).begin(now);
    assertThat(end.failure().kind()).isEqualTo(Kind.OVERLOADED);
    assertThat(end.failure().retryAfter()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void a_model_that_is_being_loaded_is_asked_for_a_minute() {
    Route route = route(8_000);
    Step step = route.begin(now);
    while (step instanceof Step.Wait || step instanceof Step.Ask) {
      now += step instanceof Step.Wait wait ? wait.time().toMillis() : 0;
      step = route.failed(stop(step), LlmFailure.of(Kind.STARTING), now);
    }
    assertThat(now - START).isEqualTo(60_000);
    assertThat(((Step.GiveUp) step).failure().kind()).isEqualTo(Kind.STARTING);
  }

  @Test
  void one_deadline_holds_for_all_attempts_together() {
    Route route = route(8_000, 8_000);
    Stop first = stop(route.begin(now));
    assertThat(route.patience(first, now).first()).isEqualTo(Duration.ofSeconds(45));
    now += 60_000;
    Patience left = route.patience(first, now);
    assertThat(left.first()).isEqualTo(Duration.ofSeconds(30));
    assertThat(left.total()).isEqualTo(Duration.ofSeconds(540));
    now += 30_000;
    Step end = route.failed(first, LlmFailure.of(Kind.TIMEOUT), now);
    assertThat(((Step.GiveUp) end).failure().kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void the_failure_that_is_told_is_that_of_the_model_that_was_chosen() {
    Route route = route(8_000, 8_000);
    Step second = route.failed(stop(route.begin(now)), LlmFailure.of(Kind.OUT_OF_MONEY), now);
    Step end = route.failed(stop(second), LlmFailure.of(Kind.GARBLED), now);
    assertThat(((Step.GiveUp) end).failure().kind()).isEqualTo(Kind.OUT_OF_MONEY);
  }

  @Test
  void no_more_breakers_are_kept_than_fit() {
    for (int i = 0; i < Breakers.MOST; i++) {
      stop(0, "model-" + i, "host-" + i, 8_000);
    }
    assertThat(breakers.size()).isEqualTo(Breakers.MOST);
  }

  private void rest(Stop stop, @Nullable Duration asked) {
    for (int i = 0; i < 3; i++) {
      stop.begin(now).failed(now, new LlmFailure(Kind.OVERLOADED, 503, null, asked));
    }
  }

  private static LlmFailure limited(int seconds) {
    return new LlmFailure(Kind.RATE_LIMIT, 429, null, Duration.ofSeconds(seconds));
  }

  private static Stop stop(Step step) {
    return switch (step) {
      case Step.Ask ask -> ask.stop();
      case Step.Wait wait -> wait.stop();
      case Step.GiveUp end -> throw new AssertionError(end.toString());
    };
  }

  private static int target(Step step) {
    return stop(step).target();
  }

  private Route route(int... contexts) {
    return new Route(stops(contexts), () -> 0.5, now);
  }

  private List<Stop> stops(int... contexts) {
    return IntStream.range(0, contexts.length)
        .mapToObj(i -> stop(i, "model-" + i, "host-" + i, contexts[i]))
        .toList();
  }

  private Stop stop(int index, String model, String host, int context) {
    ModelSpec spec = new ModelSpec("openai", model, model, context, 1_024, Set.of(), List.of());
    Connection connection =
        new Connection(
            "openai",
            Dialect.OPENAI_COMPATIBLE,
            URI.create("http://" + host),
            new Secret("sk-1"),
            Patience.HOSTED);
    return breakers.stop(index, new Target(spec, null, null), spec, connection);
  }
}
