package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import lectern.bus.Address;
import lectern.bus.Nothing;
import lectern.llm.Outcome.Answered;
import lectern.llm.Outcome.Failed;
import lectern.llm.Outcome.Receipt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer on its way from a model to its owner. Until the first word is said, calls that fail
 * are made again, or to another model, as {@link Route} decides; from then on the answer is that
 * model's, whole or broken off.
 *
 * <p>At most one batch is under way; what is said meanwhile is gathered, and when too much is
 * gathered the provider waits. The end is told after the last batch was taken. An owner that does
 * not take a batch twice is gone, and the provider is told to stop.
 */
final class Generation {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);

  /** Of {@link #timer} and {@link #beat}, when nothing is waited for. */
  private static final long NONE = -1;

  private final Exchange exchange;
  private final Generate asked;
  private final Address<Report, Nothing> owner;
  private final Pending pending = new Pending();
  private final Promise<Nothing> over = Promise.promise();
  private final long began = System.nanoTime();

  private final List<Attempt> attempts = new ArrayList<>();

  private @Nullable Trial trial;
  private @Nullable Trial last;
  private long timer = NONE;
  private @Nullable Outcome outcome;
  private @Nullable Duration firstDelta;
  private int reports;
  private long beat = NONE;
  private long toldAt;
  private boolean underWay;
  private boolean held;

  Generation(Exchange exchange, Generate asked) {
    this.exchange = exchange;
    this.asked = asked;
    this.owner = LlmAddresses.mailbox(asked.owner());
  }

  /** Asks the first of these that can be asked. */
  void begin(List<Stop> stops) {
    if (outcome == null) {
      Route route = new Route(stops, exchange.chance(), exchange.now());
      follow(route, route.begin(exchange.now()));
    }
  }

  /** Done when the owner has taken the end, or is gone; never fails. */
  Future<Nothing> over() {
    return over.future();
  }

  /** The reader has had enough: the provider is hung up on, and the text so far is the answer. */
  void cancel() {
    if (outcome == null) {
      hangUp();
      end(new Answered(FinishReason.CANCELLED, receipt()));
    }
  }

  /** This server has to go: the answer breaks off here. */
  void interrupt() {
    if (outcome == null) {
      hangUp();
      end(new Failed(LlmFailure.of(LlmFailure.Kind.INTERRUPTED), receipt()));
    }
  }

  // Asking

  private void follow(Route on, Route.Step step) {
    switch (step) {
      case Route.Step.Ask ask -> ask(on, ask.stop());
      case Route.Step.Wait wait ->
          timer =
              exchange
                  .vertx()
                  .setTimer(Math.max(1, wait.time().toMillis()), fired -> ask(on, wait.stop()));
      case Route.Step.GiveUp giveUp -> end(new Failed(giveUp.failure(), receipt()));
    }
  }

  private void ask(Route on, Stop stop) {
    timer = NONE;
    Trial next = new Trial(stop, stop.begin(exchange.now()));
    LlmLog.started(asked, stop, attempts.size() + 1);
    if (stop.target() > 0 && (last == null || last.stop().target() != stop.target())) {
      exchange.meters().fellBack(stop.model());
    }
    trial = next;
    last = next;
    Connection connection = stop.connection().with(on.patience(stop, exchange.now()));
    next.begin(
        exchange.providers().apply(connection.dialect()),
        new Call(connection, stop.model(), asked.prompt(), asked.limits()),
        event -> hear(on, next, event));
  }

  private void hangUp() {
    exchange.vertx().cancelTimer(timer);
    timer = NONE;
    Trial open = trial;
    if (open != null) {
      open.hangUp();
      open.passage().abandoned();
      settle(open, Attempt.Result.CANCELLED, null);
    }
  }

  private void settle(Trial ended, Attempt.Result result, @Nullable LlmFailure failure) {
    trial = null;
    Attempt attempt = ended.attempt(result, failure);
    attempts.add(attempt);
    LlmLog.ended(asked, ended, attempt, attempts.size());
    exchange.meters().attempted(ended.stop().model(), attempt);
    if (exchange.breakers().turned()) {
      exchange.meters().standing(exchange.breakers());
    }
  }

  // What the model says

  private void hear(Route on, Trial from, Event event) {
    switch (event) {
      case Event.Started started -> from.started(started);
      case Usage counted -> from.counted(counted);
      case Delta delta -> gather(from, delta);
      case Event.Finished finished -> {
        from.passage().succeeded(exchange.now());
        settle(from, Attempt.Result.ANSWERED, null);
        end(new Answered(finished.reason(), receipt()));
      }
      case Event.Failed failed -> failed(on, from, failed.failure());
    }
  }

  private void failed(Route on, Trial from, LlmFailure failure) {
    from.passage().failed(exchange.now(), failure);
    settle(from, Attempt.Result.FAILED, failure);
    if (from.hasSpoken()) {
      end(new Failed(failure, receipt()));
    } else {
      follow(on, on.failed(from.stop(), failure, exchange.now()));
    }
  }

  private void gather(Trial from, Delta delta) {
    if (from.spoke()) {
      firstDelta = since();
    }
    pending.add(delta);
    if (pending.isFull() && !held) {
      held = true;
      from.pause();
    }
    deliverSoon();
  }

  private void end(Outcome end) {
    outcome = end;
    deliverSoon();
  }

  private Receipt receipt() {
    Trial told = last;
    Usage usage = told == null ? null : told.usage();
    return new Receipt(
        told == null ? null : told.model(),
        told == null ? null : told.requestId(),
        usage,
        told == null || usage == null ? null : cost(told.stop().model(), usage),
        firstDelta,
        since(),
        attempts);
  }

  private @Nullable Long cost(ModelSpec model, Usage usage) {
    OptionalLong micros = model.prices().cost(usage, exchange.clock().instant());
    return micros.isPresent() ? micros.getAsLong() : null;
  }

  private Duration since() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  // What the owner hears

  /** What one packet says goes into one report; the end and a full measure wait for no pace. */
  private void deliverSoon() {
    if (underWay) {
      return;
    }
    boolean urgent = outcome != null || pending.isFull();
    long wait = urgent ? 0 : exchange.pace().millisUntil(toldAt);
    if (wait == 0) {
      exchange.vertx().cancelTimer(beat);
      beat = NONE;
      underWay = true;
      exchange.vertx().runOnContext(_ -> deliver());
    } else if (beat == NONE) {
      beat = exchange.vertx().setTimer(wait, _ -> deliver());
    }
  }

  private void deliver() {
    beat = NONE;
    underWay = true;
    toldAt = System.nanoTime();
    boolean last = outcome != null;
    tell(new Report(asked.generation(), ++reports, pending.take(), outcome))
        .onSuccess(_ -> taken(last));
  }

  private Future<Nothing> tell(Report report) {
    return exchange
        .bus()
        .ask(owner, report)
        .recover(first -> exchange.bus().ask(owner, report))
        .onFailure(second -> giveUp());
  }

  private void taken(boolean last) {
    if (last) {
      over.tryComplete(Nothing.NOTHING);
      return;
    }
    underWay = false;
    if (held && trial != null) {
      held = false;
      trial.resume();
    }
    if (!pending.isEmpty() || outcome != null) {
      deliverSoon();
    }
  }

  private void giveUp() {
    log.warn("llm.owner_gone generation={}", asked.generation());
    hangUp();
    over.tryComplete(Nothing.NOTHING);
  }

  /** How it went, for the log: never what was said. */
  @Override
  public String toString() {
    ModelSpec model = asked.targets().getFirst().model();
    return "generation=%s provider=%s model=%s answered_by=%s attempts=%d finish=%s ms=%d"
        .formatted(
            asked.generation(),
            model.provider(),
            model.modelName(),
            last == null ? "nobody" : last.stop().model().modelName(),
            attempts.size(),
            outcome == null ? "none" : outcome.finish().word(),
            since().toMillis());
  }
}
