package lectern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lectern.bus.Bus;
import lectern.llm.BareCalls;

/**
 * Time from a call to the first piece of its answer: through route, breakers and reports, against
 * the adapter alone.
 */
final class RoutingBench {
  private static final int ROUNDS = 5;

  private final Vertx vertx;
  private final BareCalls calls;

  private RoutingBench(Vertx vertx, BareCalls calls) {
    this.vertx = vertx;
    this.calls = calls;
  }

  static void run(Path home) {
    Vertx vertx = Vertx.vertx();
    try (BenchUpstream upstream = BenchUpstream.instant(vertx)) {
      BareCalls calls = new BareCalls(vertx, new Bus(vertx), upstream.baseUrl());
      Parts.await(calls.open());
      RoutingBench bench = new RoutingBench(vertx, calls);
      bench.firstPieces(5_000, 16, calls::routed);
      bench.firstPieces(5_000, 16, calls::direct);
      Bench.say("%-34s %17s %17s", "", "routed", "adapter alone");
      Bench.say(
          "%-34s %8s %8s %8s %8s %s", "first piece, ms", "p50", "p95", "p50", "p95", "added p50");
      bench.compare("1 call at a time", 2_000, 1);
      bench.compare("16 calls at a time", 10_000, 16);
    } finally {
      Parts.await(vertx.close());
    }
  }

  private interface Asking {
    Future<?> ask(Runnable first);
  }

  private void compare(String name, int times, int underWay) {
    List<Sample> routed = new ArrayList<>();
    List<Sample> direct = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      routed.add(firstPieces(times, underWay, calls::routed));
      direct.add(firstPieces(times, underWay, calls::direct));
    }
    Bench.say(
        "%-34s %8.3f %8.3f %8.3f %8.3f %8.3f",
        name,
        middle(routed, 0.5),
        middle(routed, 0.95),
        middle(direct, 0.5),
        middle(direct, 0.95),
        middle(routed, 0.5) - middle(direct, 0.5));
  }

  private static double middle(List<Sample> rounds, double part) {
    return Sample.median(rounds, sample -> sample.millis(part));
  }

  private Sample firstPieces(int times, int underWay, Asking asking) {
    long[] first = new long[times];
    long began = System.nanoTime();
    Load.run(
        vertx,
        times,
        underWay,
        (_, number) -> {
          long from = System.nanoTime();
          return asking.ask(() -> first[number] = System.nanoTime() - from);
        });
    return new Sample(first, System.nanoTime() - began);
  }
}
