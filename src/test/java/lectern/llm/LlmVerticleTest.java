package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LlmVerticleTest {
  static {
    Scope.register();
  }

  private static final Secret PLATFORM = new Secret("sk-platform");
  private static final ModelSpec EXTRACTS = Catalogue.bundled().models().getLast();

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private TestingProvider server;
  private TestingOwner owner;

  @BeforeEach
  void open() {
    server = TestingProvider.start(vertx);
    owner = TestingOwner.on(bus);
  }

  @AfterEach
  void close() {
    Awaited.of(vertx.close());
  }

  @Test
  void an_answer_arrives_in_order_and_its_end_comes_last() {
    deploy(PLATFORM, true);
    server.plays(Script.answering("One ", "two ", "three."));
    generate(Wire.model(), null);
    Outcome.Answered end = (Outcome.Answered) owner.end();
    assertThat(end.reason()).isEqualTo(FinishReason.STOP);
    assertThat(end.receipt().usage()).isEqualTo(new Usage(16, 0, 9, 0));
    assertThat(end.receipt().model()).isEqualTo("gpt-test-2026");
    assertThat(end.receipt().firstDelta()).isLessThanOrEqualTo(end.receipt().total());
    assertThat(owner.text()).isEqualTo("One two three.");
    assertThat(owner.reports.stream().map(Report::number))
        .isEqualTo(IntStream.rangeClosed(1, owner.reports.size()).boxed().toList());
    assertThat(owner.reports).filteredOn(report -> report.outcome() != null).hasSize(1);
    assertThat(owner.reports.getLast().outcome()).isEqualTo(end);
  }

  @Test
  void nothing_more_is_delivered_before_the_last_batch_was_taken() {
    deploy(PLATFORM, true);
    Promise<Nothing> taken = Promise.promise();
    Promise<Void> said = Promise.promise();
    owner.takingWhen(taken.future());
    server.plays(
        Script.stream()
            .text("a")
            .pauseUntil(said.future())
            .reasoning("hm")
            .text("b")
            .text("c")
            .finish("stop")
            .done());
    generate(Wire.model(), null);
    owner.first();
    said.complete();
    TestingProvider.Request first = server.nextRequest();
    first.awaitPlayed();
    Awaited.of(roundTrip());
    assertThat(owner.reports).hasSize(1);
    owner.takingWhen(Future.succeededFuture(Nothing.NOTHING));
    taken.complete(Nothing.NOTHING);
    owner.end();
    assertThat(owner.text()).isEqualTo("abc");
    assertThat(owner.deltas()).contains(new Delta.Reasoning("hm"));
  }

  @Test
  void an_owner_that_does_not_take_makes_the_provider_wait_and_loses_nothing() {
    deploy(PLATFORM, true);
    Promise<Nothing> taken = Promise.promise();
    owner.takingWhen(taken.future());
    server.plays(Script.stream().flood(2000, "x".repeat(8000)).finish("stop").done());
    generate(Wire.model(), null);
    owner.first();
    TestingProvider.Request request = server.nextRequest();
    request.awaitHeldUp();
    assertThat(request.played()).isFalse();
    owner.takingWhen(Future.succeededFuture(Nothing.NOTHING));
    taken.complete(Nothing.NOTHING);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.STOP);
    assertThat(owner.text()).hasSize(2000 * 8000);
  }

  @Test
  void a_cancel_hangs_up_and_keeps_the_text_so_far() {
    deploy(PLATFORM, true);
    server.plays(Script.stream().text("Hel").stall());
    UUID generation = UUID.randomUUID();
    Generate.Accepted accepted = generate(generation, Wire.model(), null);
    owner.first();
    Awaited.of(bus.ask(LlmAddresses.control(accepted.control()), new Generate.Cancel(generation)));
    assertThat(owner.end().finish()).isEqualTo(FinishReason.CANCELLED);
    assertThat(owner.text()).isEqualTo("Hel");
    server.nextRequest().awaitGone();
  }

  @Test
  void a_late_cancel_and_one_for_nobody_are_harmless() {
    deploy(PLATFORM, true);
    UUID generation = UUID.randomUUID();
    Generate.Accepted accepted = generate(generation, Wire.model(), null);
    owner.end();
    for (UUID id : List.of(generation, UUID.randomUUID())) {
      Awaited.of(bus.ask(LlmAddresses.control(accepted.control()), new Generate.Cancel(id)));
    }
    assertThat(owner.reports).filteredOn(report -> report.outcome() != null).hasSize(1);
  }

  @Test
  void an_owner_that_is_gone_ends_the_call_to_the_provider() {
    deploy(PLATFORM, true);
    server.plays(Script.stream().text("Hel").stall());
    Awaited.of(
        bus.ask(
            LlmAddresses.GENERATE,
            new Generate(
                UUID.randomUUID(),
                "testing.nobody",
                Wire.prompt("?"),
                Wire.model(),
                null,
                new Limits(512))));
    server.nextRequest().awaitGone();
  }

  @Test
  void the_same_generation_asked_twice_is_one_call() {
    deploy(PLATFORM, true);
    Promise<Void> go = Promise.promise();
    server.plays(Script.stream().text("Hel").pauseUntil(go.future()).finish("stop").done());
    UUID generation = UUID.randomUUID();
    Generate.Accepted first = generate(generation, Wire.model(), null);
    owner.first();
    assertThat(generate(generation, Wire.model(), null)).isEqualTo(first);
    go.complete();
    owner.end();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void a_provider_that_fails_is_told_with_its_class_and_the_text_so_far() {
    deploy(PLATFORM, true);
    server.plays(Script.stream().text("Hel").cut());
    generate(Wire.model(), null);
    assertThat(owner.failure().failure().code()).isEqualTo(Code.E_LLM_INTERRUPTED);
    assertThat(owner.failure().finish()).isEqualTo(FinishReason.ERROR);
    assertThat(owner.text()).isEqualTo("Hel");
  }

  @Test
  void undeploying_tells_every_owner_that_its_answer_broke_off() {
    String id = deploy(PLATFORM, true);
    server.plays(Script.stream().text("Hel").stall());
    generate(Wire.model(), null);
    owner.first();
    Awaited.of(vertx.undeploy(id));
    assertThat(owner.failure().failure().code()).isEqualTo(Code.E_LLM_INTERRUPTED);
    server.nextRequest().awaitGone();
  }

  @Test
  void the_askers_own_key_is_used_before_the_servers() {
    deploy(PLATFORM, true);
    generate(Wire.model(), new Secret("sk-own"));
    assertThat(server.nextRequest().header("authorization")).isEqualTo("Bearer sk-own");
    generate(Wire.model(), null);
    assertThat(server.nextRequest().header("authorization")).isEqualTo("Bearer sk-platform");
  }

  @Test
  void without_any_key_nothing_is_asked() {
    deploy(null, true);
    refuses(Wire.model(), Code.E_LLM_NO_KEY);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void a_provider_that_is_off_or_unknown_is_not_asked() {
    deploy(PLATFORM, false);
    refuses(Wire.model(), Code.E_MODEL_NOT_AVAILABLE);
    refuses(named("nobody"), Code.E_MODEL_NOT_AVAILABLE);
    refuses(named("local"), Code.E_MODEL_NOT_AVAILABLE);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void extracts_need_no_key_and_no_network() {
    deploy(null, false);
    generate(EXTRACTS, null);
    assertThat(owner.end().finish()).isEqualTo(FinishReason.STOP);
    assertThat(owner.text()).contains("> Light is a wave.");
  }

  @Test
  void a_local_server_is_found_listed_and_asked_without_a_key() {
    server.plays(
        Script.status(200, "application/json")
            .bytes(
                """
                {"object":"list","data":[{"id":"tiny:1b","max_model_len":4096},{"id":"nomic-embed"},{"id":""}]}
                """),
        Script.answering("Hi."));
    deploy(settings(PLATFORM, true, local(true, Set.of(), server.baseUrl())));
    ModelSpec found = offers().getLast().model();
    assertThat(found.provider()).isEqualTo("local");
    assertThat(found.modelName()).isEqualTo("tiny:1b");
    assertThat(found.maxContextTokens()).isEqualTo(4096);
    assertThat(offers()).extracting(o -> o.model().modelName()).doesNotContain("nomic-embed", "");
    generate(found, null);
    owner.end();
    assertThat(owner.text()).isEqualTo("Hi.");
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast().header("authorization")).isNull();
  }

  @Test
  void what_is_no_model_server_is_not_listed_and_our_own_ports_are_not_asked() {
    TestingProvider page = TestingProvider.start(vertx);
    page.plays(Script.status(200, "text/html").bytes("<html>"));
    TestingProvider refusing = TestingProvider.start(vertx);
    refusing.plays(Script.refusing(401, null, null, "no"));
    TestingProvider gone = TestingProvider.start(vertx);
    URI nobody = gone.baseUrl();
    gone.close();
    deploy(
        settings(
            PLATFORM,
            true,
            local(
                true,
                Set.of(server.port()),
                server.baseUrl(),
                page.baseUrl(),
                refusing.baseUrl(),
                nobody)));
    assertThat(offers()).extracting(o -> o.model().provider()).doesNotContain("local");
    assertThat(server.requests()).isEmpty();
    assertThat(page.requests()).hasSize(1);
  }

  @Test
  void offers_say_what_stands_between_a_reader_and_a_model() {
    deploy(null, true);
    Offer openai = offers().getFirst();
    assertThat(openai.availability()).isEqualTo(Offer.Availability.NEEDS_KEY);
    assertThat(openai.unavailableReason(false)).contains("key");
    assertThat(openai.unavailableReason(true)).isNull();
    assertThat(offers().getLast().model()).isEqualTo(EXTRACTS);
    assertThat(offers().getLast().unavailableReason(false)).isNull();
  }

  private void refuses(ModelSpec model, Code code) {
    assertThatThrownBy(
            () ->
                ask(UUID.randomUUID(), model, null)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private List<Offer> offers() {
    return Awaited.of(bus.ask(LlmAddresses.MODELS, new Offer.Ask())).offers();
  }

  private Generate.Accepted generate(ModelSpec model, @Nullable Secret key) {
    return generate(UUID.randomUUID(), model, key);
  }

  private Generate.Accepted generate(UUID generation, ModelSpec model, @Nullable Secret key) {
    return Awaited.of(ask(generation, model, key));
  }

  private Future<Generate.Accepted> ask(UUID generation, ModelSpec model, @Nullable Secret key) {
    return bus.ask(
        LlmAddresses.GENERATE,
        new Generate(
            generation, owner.address, Wire.prompt("What is light?"), model, key, new Limits(512)));
  }

  private Future<?> roundTrip() {
    return bus.ask(LlmAddresses.MODELS, new Offer.Ask());
  }

  private static ModelSpec named(String provider) {
    return new ModelSpec(provider, "some", "Some", 8192, 1024, Set.of(), List.of());
  }

  private String deploy(@Nullable Secret key, boolean enabled) {
    return deploy(settings(key, enabled, local(false, Set.of())));
  }

  private String deploy(LlmSettings settings) {
    return Awaited.of(vertx.deployVerticle(new LlmVerticle(bus, settings, Catalogue.bundled())));
  }

  private LlmSettings settings(@Nullable Secret key, boolean enabled, LlmSettings.Local local) {
    return new LlmSettings(
        Map.of("openai", new LlmSettings.Provider(server.baseUrl(), key, enabled, Patience.HOSTED)),
        local);
  }

  private static LlmSettings.Local local(boolean detect, Set<Integer> own, URI... addresses) {
    return new LlmSettings.Local(detect, List.of(addresses), own);
  }
}
