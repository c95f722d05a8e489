package lectern.llm;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import lectern.bus.Bus;
import lectern.bus.Nothing;

/**
 * One question to one model server, asked by the adapter alone, or with everything around it that a
 * server puts there: route, breakers, meters, log lines, and reports over the bus.
 */
public final class BareCalls {
  private static final String OWNER = "bench.owner";
  private static final Limits LIMITS = new Limits(512);
  private static final ModelSpec MODEL =
      new ModelSpec("openai", "bench", "Bench", 100_000, 4_096, Set.of(), List.of());
  private static final Target TARGET = new Target(MODEL, null, null);
  private static final Prompt PROMPT =
      new Prompt(
          "bench",
          "Answer from the passages.",
          List.of(),
          List.of(new Prompt.Turn(Prompt.Role.USER, "What does he mean by attention?")));

  private final Provider provider;
  private final Exchange exchange;
  private final Connection connection;
  private final Map<UUID, Runnable> waiting = new ConcurrentHashMap<>();

  public BareCalls(Vertx vertx, Bus bus, URI baseUrl) {
    this.provider = new HttpProvider(vertx);
    this.connection =
        new Connection("openai", Dialect.OPENAI_COMPATIBLE, baseUrl, null, Patience.HOSTED);
    this.exchange =
        new Exchange(
            vertx,
            bus,
            dialect -> provider,
            new Breakers(() -> 0),
            new LlmMeters(new SimpleMeterRegistry(), new Catalogue(List.of(MODEL))),
            new Pace(() -> 1),
            Clock.systemUTC(),
            () -> ThreadLocalRandom.current().nextDouble());
  }

  /** Listens for the reports of {@link #routed}. */
  public Future<?> open() {
    return exchange.bus().answer(LlmAddresses.mailbox(OWNER), this::hear);
  }

  /** By the adapter alone; {@code first} runs with the first piece. */
  public Future<?> direct(Runnable first) {
    Promise<Nothing> end = Promise.promise();
    provider.ask(
        new Call(connection, MODEL, PROMPT, LIMITS),
        event -> {
          switch (event) {
            case Delta _ -> first.run();
            case Event.Finished _ -> end.complete(Nothing.NOTHING);
            case Event.Failed failed -> end.fail(failed.failure().toString());
            case Event.Started _, Usage _ -> {}
          }
        });
    return end.future();
  }

  /** As a server does it; {@code first} runs when the owner has the first piece. */
  public Future<?> routed(Runnable first) {
    UUID id = UUID.randomUUID();
    waiting.put(id, first);
    Generation generation =
        new Generation(exchange, new Generate(id, OWNER, PROMPT, MODEL, null, LIMITS));
    generation.begin(List.of(exchange.breakers().stop(0, TARGET, MODEL, connection)));
    return generation.over();
  }

  private Future<Nothing> hear(Report report) {
    Runnable first = waiting.remove(report.generation());
    if (first != null) {
      first.run();
    }
    return Future.succeededFuture(Nothing.NOTHING);
  }
}
