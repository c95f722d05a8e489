package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import lectern.bus.Address;
import lectern.bus.Bus;
import lectern.bus.Nothing;
import lectern.llm.Outcome.Answered;
import lectern.llm.Outcome.Failed;
import lectern.llm.Outcome.Receipt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer on its way from a provider to its owner. At most one batch is under way; what is said
 * meanwhile is gathered, and when too much is gathered the provider waits. The end is told after
 * the last batch was taken. An owner that does not take a batch twice is gone, and the provider is
 * told to stop.
 */
final class Generation {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);

  private final Bus bus;
  private final Generate asked;
  private final Address<Report, Nothing> owner;
  private final Pending pending = new Pending();
  private final Promise<Nothing> over = Promise.promise();
  private final long began = System.nanoTime();

  private @Nullable Upstream upstream;
  private @Nullable Outcome outcome;
  private @Nullable String model;
  private @Nullable String requestId;
  private @Nullable Usage usage;
  private @Nullable Duration firstDelta;
  private int reports;
  private boolean underWay;
  private boolean held;

  Generation(Bus bus, Generate asked) {
    this.bus = bus;
    this.asked = asked;
    this.owner = LlmAddresses.mailbox(asked.owner());
  }

  void begin(Provider provider, Connection connection) {
    if (outcome == null) {
      Call call =
          new Call(connection, asked.targets().getFirst().model(), asked.prompt(), asked.limits());
      upstream = provider.ask(call, this::hear);
    }
  }

  /** Done when the owner has taken the end, or is gone; never fails. */
  Future<Nothing> over() {
    return over.future();
  }

  /** The reader has had enough: the provider is hung up on, and the text so far is the answer. */
  void cancel() {
    stop(new Answered(FinishReason.CANCELLED, receipt()));
  }

  /** This server has to go: the answer breaks off here. */
  void interrupt() {
    stop(new Failed(LlmFailure.of(LlmFailure.Kind.INTERRUPTED), receipt()));
  }

  private void stop(Outcome end) {
    if (outcome == null) {
      hangUp();
      end(end);
    }
  }

  private void hangUp() {
    if (upstream != null) {
      upstream.cancel();
    }
  }

  // What the provider says

  private void hear(Event event) {
    switch (event) {
      case Event.Started started -> {
        model = started.model();
        requestId = started.requestId();
      }
      case Usage counted -> usage = counted;
      case Delta delta -> gather(delta);
      case Event.Finished finished -> end(new Answered(finished.reason(), receipt()));
      case Event.Failed failed -> end(new Failed(failed.failure(), receipt()));
    }
  }

  private void gather(Delta delta) {
    if (firstDelta == null) {
      firstDelta = since();
    }
    pending.add(delta);
    if (pending.isFull() && !held && upstream != null) {
      held = true;
      upstream.pause();
    }
    deliver();
  }

  private void end(Outcome end) {
    outcome = end;
    deliver();
  }

  private Receipt receipt() {
    return new Receipt(model, requestId, usage, firstDelta, since());
  }

  private Duration since() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  // What the owner hears

  private void deliver() {
    if (underWay) {
      return;
    }
    if (!pending.isEmpty()) {
      Report progress = new Report.Progress(asked.generation(), ++reports, pending.take());
      tell(progress).onSuccess(taken -> goOn());
    } else if (outcome != null) {
      Report end = new Report.Ended(asked.generation(), ++reports, outcome);
      tell(end).onSuccess(taken -> over.tryComplete(Nothing.NOTHING));
    }
  }

  private Future<Nothing> tell(Report report) {
    underWay = true;
    return bus.ask(owner, report)
        .recover(first -> bus.ask(owner, report))
        .onFailure(second -> giveUp());
  }

  private void goOn() {
    underWay = false;
    if (held && upstream != null) {
      held = false;
      upstream.resume();
    }
    deliver();
  }

  private void giveUp() {
    log.warn("llm.owner_gone generation={}", asked.generation());
    hangUp();
    over.tryComplete(Nothing.NOTHING);
  }

  /** How it went, for the log: never what was said. */
  @Override
  public String toString() {
    return "generation=%s provider=%s model=%s finish=%s ms=%d"
        .formatted(
            asked.generation(),
            asked.targets().getFirst().model().provider(),
            asked.targets().getFirst().model().modelName(),
            outcome == null ? "none" : outcome.finish().word(),
            since().toMillis());
  }
}
