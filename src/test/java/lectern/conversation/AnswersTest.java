package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.PromptStore.Earlier;
import lectern.conversation.Stop.Halt;
import lectern.conversation.Turns.Turn;
import lectern.db.TestingDatabase;
import lectern.keys.Key;
import lectern.keys.Key.Ticket;
import lectern.keys.TestResult;
import lectern.llm.Delta;
import lectern.llm.Generate;
import lectern.llm.Generate.Accepted;
import lectern.llm.LlmAddresses;
import lectern.llm.LlmFailure;
import lectern.llm.ModelSpec;
import lectern.llm.Outcome;
import lectern.llm.Outcome.Receipt;
import lectern.llm.Report;
import lectern.llm.Target;
import lectern.models.Pick.Way;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an owner of answers does; the test plays the one who asks the model. */
class AnswersTest {
  static {
    Scope.register();
  }

  private static final String OWNER = "testing.owner";
  private static final String CONTROL = "testing.control";
  private static final SendLimits LIMITS = new SendLimits(1000, 100, 10_000_000);
  private static final ModelSpec SPEC =
      new ModelSpec("openai", "gpt-test", "Test", 128_000, 16_000, Set.of(), List.of());
  private static final Ticket TICKET = new Ticket(UUID.randomUUID(), 1, false);

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Bus bus = new Bus(vertx);
  private final Promise<Generate> asked = Promise.promise();
  private final Promise<Accepted> accepted = Promise.promise();
  private final Promise<UUID> cancelled = Promise.promise();
  private final Promise<Key.Used> used = Promise.promise();
  private final AtomicInteger uses = new AtomicInteger();
  private TestingReader reader;
  private Answers answers;

  @BeforeEach
  void open() {
    reader = new TestingReader(database, LIMITS);
    var pool = database.open(vertx).pool();
    answers = new Answers(vertx, bus, pool, new AnswerMeters(new SimpleMeterRegistry()), OWNER);
    Promise<Object> ready = Promise.promise();
    context.runOnContext(_ -> answers.open().<Object>mapEmpty().onComplete(ready));
    await(ready.future());
    await(bus.answer(LlmAddresses.GENERATE, this::generate));
    await(bus.answer(LlmAddresses.control(CONTROL), this::cancel));
    await(bus.answer(Key.Used.ADDRESS, this::use));
  }

  @AfterEach
  void close() {
    await(vertx.close());
    reader.close();
  }

  private Future<Accepted> generate(Generate generate) {
    asked.complete(generate);
    return accepted.future();
  }

  private Future<Nothing> cancel(Generate.Cancel cancel) {
    cancelled.tryComplete(cancel.generation());
    return Future.succeededFuture(Nothing.NOTHING);
  }

  private Future<Nothing> use(Key.Used use) {
    uses.incrementAndGet();
    used.tryComplete(use);
    return Future.succeededFuture(Nothing.NOTHING);
  }

  private Turn begun(Future<List<Earlier>> earlier) {
    Send send = reader.question(null, "Q", null);
    Way way = new Way(new Target(SPEC, null, null), "byok", TICKET);
    Admitted admitted =
        new Admitted(
            send,
            "Q",
            TestingModels.of(reader.model, 128_000),
            List.of(way),
            List.of(),
            Prompts.render(List.of(), "Q"),
            0,
            null);
    Turn turn = await(new Turns(reader.pool).open(admitted, LIMITS, OWNER, reader.node));
    context.runOnContext(_ -> answers.begin(admitted, turn, earlier));
    return turn;
  }

  private Generate begun() {
    begun(Future.succeededFuture(List.of()));
    return await(asked.future());
  }

  private void report(Generate of, int number, List<Delta> deltas, Outcome outcome) {
    await(
        bus.ask(LlmAddresses.mailbox(OWNER), new Report(of.generation(), number, deltas, outcome)));
  }

  @Test
  void an_answer_that_is_cut_before_it_is_known_who_writes_it_is_stopped_when_it_is() {
    Generate generate = begun();
    String tooLong = "x".repeat(Answers.MAX_CONTENT + 1);
    report(generate, 1, List.of(new Delta.Text(tooLong)), null);
    accepted.complete(new Accepted(CONTROL));
    assertThat(await(cancelled.future())).isEqualTo(generate.generation());
  }

  @Test
  void
      what_is_reported_of_an_answer_that_was_given_up_is_refused_so_that_its_model_is_hung_up_on() {
    Generate generate = begun();
    accepted.fail(new Refusal(Code.E_UNAVAILABLE, "The reply was lost."));
    await(bus.ask(Halt.at(OWNER), new Halt(generate.place().message())));
    Report late =
        new Report(generate.generation(), 1, List.of(new Delta.Text("and so it goes on")), null);
    Future<String> taken =
        bus.ask(LlmAddresses.mailbox(OWNER), late).map("taken").otherwise(Throwable::toString);
    assertThat(await(taken)).contains("Nobody waits");
  }

  @Test
  void so_is_one_that_is_deleted_then() {
    Generate generate = begun();
    bus.ask(Halt.at(OWNER), new Halt(generate.place().message()));
    accepted.complete(new Accepted(CONTROL));
    assertThat(await(cancelled.future())).isEqualTo(generate.generation());
  }

  @Test
  void one_that_is_stopped_before_the_model_is_asked_asks_none() {
    Promise<List<Earlier>> earlier = Promise.promise();
    Turn turn = begun(earlier.future());
    Future<Nothing> halted = bus.ask(Halt.at(OWNER), new Halt(turn.assistantMessageId()));
    await(bus.ask(Halt.at(OWNER), new Halt(UUID.randomUUID())));
    earlier.complete(List.of());
    await(halted);
    assertThat(reader.message(turn.assistantMessageId()).finishReason()).isEqualTo("cancelled");
    assertThat(asked.future().isComplete()).isFalse();
  }

  @Test
  void a_key_that_was_refused_is_told_of_once_though_the_message_was_deleted() {
    Generate generate = begun();
    accepted.complete(new Accepted(CONTROL));
    UUID message = generate.place().message();
    database.execute("delete from message where id = '" + message + "'");
    LlmFailure failure = LlmFailure.of(LlmFailure.Kind.INVALID_KEY);
    Receipt receipt = new Receipt(null, null, null, null, Duration.ofSeconds(1));
    report(generate, 1, List.of(), new Outcome.Failed(failure, receipt));
    assertThat(await(used.future())).isEqualTo(new Key.Used(TICKET, TestResult.REJECTED));
    await(answers.drained());
    assertThat(uses).hasValue(1);
  }
}
