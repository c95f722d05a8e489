package lectern.llm;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the conversations with model servers: the connections, and the answers coming in over them.
 */
public final class LlmVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(LlmVerticle.class);

  /** Answers that may grow at once on one event loop; past it, askers are told to come back. */
  private static final int MOST = 1024;

  private final Bus bus;
  private final LlmSettings settings;
  private final Catalogue catalogue;
  private final String control = "llm.control." + UUID.randomUUID();
  private final Map<UUID, Generation> growing = new HashMap<>();
  private Provider http;
  private Provider extracts;
  private final LlmMeters meters;
  private final Clock clock;
  private final DoubleSupplier chance;
  private final Breakers breakers;
  private Models models;
  private Exchange exchange;
  private boolean stopping;

  public LlmVerticle(Bus bus, LlmSettings settings, Catalogue catalogue, MeterRegistry measured) {
    this(
        bus,
        settings,
        catalogue,
        measured,
        Clock.systemUTC(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** One that nobody measures. */
  public LlmVerticle(Bus bus, LlmSettings settings, Catalogue catalogue) {
    this(bus, settings, catalogue, new CompositeMeterRegistry());
  }

  /**
   * @param clock tells prices, ends of models, and how long a breaker has been open
   * @param chance from 0 to 1, spreads retries
   */
  @SuppressWarnings("NullAway.Init") // what start builds needs the event loop
  LlmVerticle(
      Bus bus,
      LlmSettings settings,
      Catalogue catalogue,
      MeterRegistry measured,
      Clock clock,
      DoubleSupplier chance) {
    this.bus = bus;
    this.settings = settings;
    this.catalogue = catalogue;
    this.meters = new LlmMeters(measured, catalogue);
    this.clock = clock;
    this.chance = chance;
    this.breakers = new Breakers(chance);
  }

  @Override
  public Future<?> start() {
    http = new HttpProvider(vertx);
    extracts = new ExtractsProvider(vertx);
    models = new Models(settings, catalogue, new LocalServers(vertx, settings.local()), clock);
    exchange =
        new Exchange(
            vertx, bus, this::provider, breakers, meters, new Pace(growing::size), clock, chance);
    models.configured().forEach(breakers::know);
    meters.standing(breakers);
    ModelLists lists = new ModelLists(vertx, settings, this::answered);
    return Future.all(
        List.of(
            bus.answer(LlmAddresses.control(control), this::cancel),
            bus.answer(LlmAddresses.MODELS, ask -> models.all()),
            bus.answer(ModelList.OfProvider.ADDRESS, lists::of),
            bus.answer(ModelList.OfConnection.ADDRESS, lists::of),
            bus.answer(LlmAddresses.PROVIDERS, this::providers),
            bus.answer(LlmAddresses.RESET, this::reset),
            bus.answer(LlmAddresses.GENERATE, this::generate)));
  }

  /** Breaks off what is growing, and waits until every owner knows. */
  @Override
  public Future<?> stop() {
    stopping = true;
    List<Generation> left = List.copyOf(growing.values());
    left.forEach(Generation::interrupt);
    return Future.all(left.stream().map(Generation::over).toList());
  }

  private Future<Generate.Accepted> generate(Generate asked) {
    if (growing.containsKey(asked.generation())) {
      return accepted();
    }
    if (stopping || growing.size() >= MOST) {
      return Future.failedFuture(
          new Refusal(
              Code.E_UNAVAILABLE, "Too many answers are being written. Try again shortly."));
    }
    Generation generation = new Generation(exchange, asked);
    growing.put(asked.generation(), generation);
    generation.over().onSuccess(over -> forget(asked.generation(), generation));
    return stops(asked.targets())
        .onSuccess(generation::begin)
        .onFailure(refused -> growing.remove(asked.generation()))
        .compose(begun -> accepted());
  }

  /**
   * The ways to these targets; refuses when there is none to the first. Those of the others that
   * lead nowhere are left out.
   */
  private Future<List<Stop>> stops(List<Target> targets) {
    List<Future<Stop>> ways =
        IntStream.range(0, targets.size()).mapToObj(i -> stop(i, targets.get(i))).toList();
    return Future.join(ways)
        .transform(
            all ->
                ways.getFirst()
                    .map(
                        first ->
                            ways.stream().filter(Future::succeeded).map(Future::result).toList()));
  }

  private Future<Stop> stop(int index, Target target) {
    return models.connection(target).map(to -> breakers.stop(index, target, target.model(), to));
  }

  private Provider provider(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_RESPONSES,
          OPENAI_CHAT,
          OPENAI_COMPATIBLE,
          ANTHROPIC,
          GEMINI,
          GEMINI_INTERACTIONS ->
          http;
      case EXTRACTS -> extracts;
    };
  }

  private Future<ProviderHealth.All> providers(ProviderHealth.Ask ask) {
    return Future.succeededFuture(new ProviderHealth.All(breakers.health(clock.millis())));
  }

  /** A reader who tests a key of their own has mended what there was to mend. */
  private void answered(Connection own) {
    breakers.answered(own, clock.millis());
    meters.standing(breakers);
  }

  private Future<Nothing> reset(ProviderHealth.Reset mended) {
    Optional<Breaker> breaker = breakers.find(mended.id());
    if (breaker.isEmpty()) {
      return Future.failedFuture(
          new Refusal(Code.E_NOT_FOUND, "No such connection or model has been asked."));
    }
    breaker.get().reset(clock.millis());
    meters.standing(breakers);
    return Future.succeededFuture(Nothing.NOTHING);
  }

  private Future<Generate.Accepted> accepted() {
    return Future.succeededFuture(new Generate.Accepted(control));
  }

  private void forget(UUID id, Generation generation) {
    growing.remove(id);
    log.debug("llm.answered {}", generation);
  }

  private Future<Nothing> cancel(Generate.Cancel cancel) {
    Generation generation = growing.get(cancel.generation());
    if (generation != null) {
      generation.cancel();
    }
    return Future.succeededFuture(Nothing.NOTHING);
  }
}
