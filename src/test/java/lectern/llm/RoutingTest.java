package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.llm.LlmFailure.Kind;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries, fallbacks and breakers over real sockets, from outside the part. */
class RoutingTest {
  static {
    Scope.register();
  }

  private static final ModelSpec CHOSEN =
      new ModelSpec(
          "openai",
          "gpt-chosen",
          "Chosen",
          8_192,
          1_024,
          Set.of(),
          List.of(
              new Prices.Price(
                  null,
                  null,
                  List.of(
                      new Prices.Tier(0, BigDecimal.ONE, null, null, BigDecimal.valueOf(10))))));
  private static final ModelSpec OTHER =
      new ModelSpec("anthropic", "other", "Other", 16_384, 1_024, Set.of(), List.of());

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TestingProvider chosen;
  private TestingProvider other;
  private TestingOwner owner;

  @BeforeEach
  void open() {
    chosen = TestingProvider.start(vertx);
    other = TestingProvider.start(vertx);
    owner = TestingOwner.on(bus);
    deploy(Patience.HOSTED);
  }

  @AfterEach
  void close() {
    Awaited.of(vertx.close());
  }

  @Test
  void an_overloaded_model_is_asked_once_more_and_the_reader_sees_only_the_answer() {
    chosen.plays(overloaded(), Script.answering("Hello"));
    ask(CHOSEN, OTHER);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.STOP);
    assertThat(owner.text()).isEqualTo("Hello");
    assertThat(results()).containsExactly("0 failed overloaded", "0 answered");
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void one_that_stays_overloaded_is_stood_in_for_and_the_receipt_says_by_whom() {
    chosen.plays(overloaded(), overloaded());
    other.plays(Script.answering("From the other"));
    ask(CHOSEN, OTHER);
    Outcome end = owner.end();
    assertThat(owner.text()).isEqualTo("From the other");
    assertThat(results())
        .containsExactly("0 failed overloaded", "0 failed overloaded", "1 answered");
    Attempt answered = end.receipt().attempts().getLast();
    assertThat(answered.modelName()).isEqualTo("other");
    assertThat(answered.firstDelta()).isNotNull();
    assertThat(end.receipt().firstDelta()).isGreaterThan(answered.firstDelta());
    assertThat(meters.get("lectern.llm.fallbacks").counter().count()).isEqualTo(1);
    assertThat(meters.get("lectern.llm.attempts").tag("outcome", "overloaded").counter().count())
        .isEqualTo(2);
  }

  @Test
  void a_cut_before_the_first_word_is_not_seen() {
    chosen.plays(Script.stream().bytes(": hello\n\n").cut(), Script.answering("Whole"));
    ask(CHOSEN);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.STOP);
    assertThat(owner.text()).isEqualTo("Whole");
    assertThat(results()).hasSize(2);
  }

  @Test
  void a_cut_after_the_first_word_is_shown_and_nobody_else_is_asked() {
    chosen.plays(Script.stream().text("Hel").cut());
    ask(CHOSEN, OTHER);
    assertThat(owner.failure().failure().code()).isEqualTo(Code.E_LLM_INTERRUPTED);
    assertThat(owner.text()).isEqualTo("Hel");
    assertThat(results()).containsExactly("0 failed interrupted");
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void a_word_of_reasoning_is_a_first_word() {
    chosen.plays(Script.stream().reasoning("Let me see").cut());
    ask(CHOSEN, OTHER);
    assertThat(owner.failure().failure().kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void a_key_that_is_not_accepted_is_not_tried_again_and_not_by_the_next_question_either() {
    chosen.plays(Script.refusing(401, "invalid_request_error", "invalid_api_key", "no"));
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("0 failed invalid_key", "1 answered");
    owner = TestingOwner.on(bus);
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("1 answered");
    assertThat(chosen.requests()).hasSize(1);
  }

  @Test
  void one_that_says_not_to_ask_again_is_left_at_once() {
    chosen.plays(overloaded().header("x-should-retry", "false"));
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("0 failed overloaded", "1 answered");
  }

  @Test
  void a_question_that_is_wrong_goes_to_nobody_else_and_counts_against_nobody() {
    for (int i = 0; i < 4; i++) {
      chosen.plays(Script.refusing(400, "invalid_request_error", null, "what?"));
      owner = TestingOwner.on(bus);
      ask(CHOSEN, OTHER);
      assertThat(owner.failure().failure().kind()).isEqualTo(Kind.BAD_REQUEST);
    }
    assertThat(chosen.requests()).hasSize(4);
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void what_is_too_much_for_one_is_read_by_a_larger_one() {
    chosen.plays(
        Script.refusing(400, "invalid_request_error", "context_length_exceeded", "too long"));
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("0 failed context_too_large", "1 answered");
  }

  @Test
  void a_long_wait_goes_to_the_other_at_once_and_alone_it_is_told() {
    chosen.plays(limited("30"));
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("0 failed rate_limit", "1 answered");
    owner = TestingOwner.on(bus);
    chosen.plays(limited("30"));
    ask(CHOSEN);
    assertThat(owner.failure().failure().kind()).isEqualTo(Kind.RATE_LIMIT);
    assertThat(owner.failure().failure().retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void three_failures_rest_a_model_and_the_next_question_fails_at_once_with_seconds() {
    chosen.plays(overloaded(), overloaded(), overloaded());
    ask(CHOSEN);
    assertThat(owner.failure().failure().kind()).isEqualTo(Kind.OVERLOADED);
    assertThat(chosen.requests()).hasSize(3);
    owner = TestingOwner.on(bus);
    ask(CHOSEN);
    LlmFailure resting = owner.failure().failure();
    assertThat(resting.kind()).isEqualTo(Kind.OVERLOADED);
    assertThat(resting.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
    assertThat(owner.end().receipt().attempts()).isEmpty();
    assertThat(chosen.requests()).hasSize(3);
    assertThat(breakers("openai", "open")).isOne();
    assertThat(breakers("openai", "half_open")).isZero();
    assertThat(breakers("anthropic", "open")).isZero();
  }

  @Test
  void a_model_that_says_nothing_is_left_for_the_other_when_patience_ends() {
    redeploy(
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20)));
    chosen.plays(Script.stream().stall());
    ask(CHOSEN, OTHER);
    owner.end();
    assertThat(results()).containsExactly("0 failed timeout", "1 answered");
    chosen.nextRequest().awaitGone();
  }

  @Test
  void a_cancel_while_the_second_model_is_asked_hangs_up_on_it() {
    chosen.plays(Script.refusing(404, "invalid_request_error", "model_not_found", "no"));
    other.plays(Script.stream().stall());
    UUID generation = UUID.randomUUID();
    Generate.Accepted accepted = ask(generation, CHOSEN, OTHER);
    TestingProvider.Request second = other.nextRequest();
    cancel(accepted, generation);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.CANCELLED);
    assertThat(results()).containsExactly("0 failed model_not_found", "1 cancelled");
    second.awaitGone();
  }

  @Test
  void a_cancel_while_a_retry_waits_ends_at_once_and_nothing_more_is_asked() {
    chosen.plays(limited("9"));
    UUID generation = UUID.randomUUID();
    Generate.Accepted accepted = ask(generation, CHOSEN);
    chosen.nextRequest().awaitPlayed();
    cancel(accepted, generation);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.CANCELLED);
    assertThat(chosen.requests()).hasSize(1);
  }

  @Test
  void an_answer_is_charged_by_the_price_list_of_the_model_that_gave_it() {
    chosen.plays(Script.answering("Hello"));
    ask(CHOSEN, OTHER);
    assertThat(owner.end().receipt().costUsdMicros()).isEqualTo(16 + 90);
    owner = TestingOwner.on(bus);
    chosen.plays(Script.refusing(404, "invalid_request_error", "model_not_found", "no"));
    ask(CHOSEN, OTHER);
    assertThat(owner.end().receipt().costUsdMicros()).isNull();
  }

  private double breakers(String provider, String state) {
    return meters
        .get("lectern.llm.breakers")
        .tags("provider", provider, "state", state)
        .gauge()
        .value();
  }

  private List<String> results() {
    return owner.end().receipt().attempts().stream()
        .map(
            attempt -> {
              LlmFailure failure = attempt.failure();
              String why = failure == null ? "" : " " + failure.kind().word();
              return attempt.target() + " " + attempt.result().word() + why;
            })
        .toList();
  }

  private static Script overloaded() {
    return Script.refusing(503, "service_unavailable_error", "server_is_overloaded", "busy");
  }

  private static Script limited(String seconds) {
    return Script.refusing(429, "rate_limit_error", "rate_limit_exceeded", "slow")
        .header("retry-after", seconds);
  }

  private void cancel(Generate.Accepted accepted, UUID generation) {
    Awaited.of(bus.ask(LlmAddresses.control(accepted.control()), new Generate.Cancel(generation)));
  }

  private Generate.Accepted ask(ModelSpec... models) {
    return ask(UUID.randomUUID(), models);
  }

  private Generate.Accepted ask(UUID generation, ModelSpec... models) {
    List<Target> targets =
        List.of(models).stream().map(model -> new Target(model, null, null)).toList();
    return Awaited.of(
        bus.ask(
            LlmAddresses.GENERATE,
            new Generate(
                generation,
                owner.address,
                Wire.prompt("What is light?"),
                targets,
                new Limits(512))));
  }

  private String deployed = "";

  private void redeploy(Patience patience) {
    Awaited.of(vertx.undeploy(deployed));
    deploy(patience);
  }

  private void deploy(Patience patience) {
    LlmSettings settings =
        new LlmSettings(
            Map.of(
                "openai",
                provider(chosen, "sk-chosen", patience),
                "anthropic",
                provider(other, "sk-other", patience)),
            new LlmSettings.Local(false, List.of(), Set.of()));
    deployed =
        Awaited.of(
            vertx.deployVerticle(
                new LlmVerticle(
                    bus,
                    settings,
                    new Catalogue(List.of(CHOSEN, OTHER)),
                    meters,
                    Clock.systemUTC(),
                    () -> 0)));
  }

  private static LlmSettings.Provider provider(
      TestingProvider server, String key, Patience patience) {
    return new LlmSettings.Provider(
        server.baseUrl(), new Secret(key), true, patience, Dialect.OPENAI_COMPATIBLE);
  }
}
