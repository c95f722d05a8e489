package lectern.http;

import io.vertx.core.Future;
import java.util.function.Supplier;
import lectern.bus.Address;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.telemetry.Metrics;

/** Whether this node is well, what it counts, and what it can be asked. */
final class HealthRoutes {
  private static final Address<Nothing, Nothing> ECHO =
      Address.of("http.health.echo", Nothing.class, Nothing.class);

  private final Bus bus;
  private final Contract contract;
  private final Metrics metrics;
  private final Supplier<Future<Void>> database;

  /**
   * @param database succeeds when the database answers
   */
  HealthRoutes(Bus bus, Contract contract, Metrics metrics, Supplier<Future<Void>> database) {
    this.bus = bus;
    this.contract = contract;
    this.metrics = metrics;
    this.database = database;
  }

  Future<Void> open() {
    return bus.answer(ECHO, Future::succeededFuture);
  }

  Future<Answer> live(Call call) {
    return Future.succeededFuture(new Answer.Bare(new Health("ok")));
  }

  Future<Answer> ready(Call call) {
    return database
        .get()
        .compose(_ -> bus.ask(ECHO, Nothing.NOTHING))
        .<Answer>map(_ -> new Answer.Bare(new Health("ok")))
        .recover(
            _ ->
                Future.failedFuture(
                    new Refusal(Code.E_UNAVAILABLE, "The database or the bus does not answer.")));
  }

  Future<Answer> metrics(Call call) {
    return Future.succeededFuture(
        new Answer.Plain("text/plain; version=0.0.4; charset=utf-8", metrics.text()));
  }

  Future<Answer> contract(Call call) {
    return Future.succeededFuture(new Answer.Plain("application/yaml", contract.text()));
  }

  private record Health(String status) {}
}
