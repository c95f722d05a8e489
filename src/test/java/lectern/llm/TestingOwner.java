package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import lectern.bus.Bus;
import lectern.bus.Nothing;

/**
 * The mailbox of somebody who asked for answers; it can be told to leave a report unconfirmed for a
 * while.
 */
final class TestingOwner {
  final String address = "testing.owner." + UUID.randomUUID();
  final List<Report> reports = new CopyOnWriteArrayList<>();
  private final Promise<Outcome> end = Promise.promise();
  private final Promise<Report> first = Promise.promise();
  private volatile Future<Nothing> taking = Future.succeededFuture(Nothing.NOTHING);

  static TestingOwner on(Bus bus) {
    TestingOwner owner = new TestingOwner();
    Awaited.of(bus.answer(LlmAddresses.mailbox(owner.address), owner::take));
    return owner;
  }

  /** Confirms nothing before this is done. */
  TestingOwner takingWhen(Future<Nothing> ready) {
    taking = ready;
    return this;
  }

  private Future<Nothing> take(Report report) {
    reports.add(report);
    first.tryComplete(report);
    if (report.outcome() != null) {
      end.tryComplete(report.outcome());
    }
    return taking;
  }

  Report first() {
    return Awaited.of(first.future());
  }

  Outcome end() {
    return Awaited.of(end.future());
  }

  Outcome.Failed failure() {
    return (Outcome.Failed) end();
  }

  String text() {
    return deltas().stream()
        .filter(Delta.Text.class::isInstance)
        .map(Delta::text)
        .collect(Collectors.joining());
  }

  List<Delta> deltas() {
    return reports.stream().flatMap(report -> report.deltas().stream()).toList();
  }
}
