package lectern.llm;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  private Models models;
  private boolean stopping;

  @SuppressWarnings("NullAway.Init") // what start builds needs the event loop
  public LlmVerticle(Bus bus, LlmSettings settings, Catalogue catalogue) {
    this.bus = bus;
    this.settings = settings;
    this.catalogue = catalogue;
  }

  @Override
  public Future<?> start() {
    http = new HttpProvider(vertx);
    extracts = new ExtractsProvider(vertx);
    models =
        new Models(
            settings, catalogue, new LocalServers(vertx, settings.local()), Clock.systemUTC());
    return Future.all(
        bus.answer(LlmAddresses.control(control), this::cancel),
        bus.answer(LlmAddresses.MODELS, ask -> models.all()),
        bus.answer(LlmAddresses.GENERATE, this::generate));
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
    Generation generation = new Generation(bus, asked);
    growing.put(asked.generation(), generation);
    generation.over().onSuccess(over -> forget(asked.generation(), generation));
    return models
        .connection(asked.targets().getFirst())
        .onSuccess(to -> generation.begin(provider(to.dialect()), to))
        .onFailure(refused -> growing.remove(asked.generation()))
        .compose(to -> accepted());
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

  private Future<Generate.Accepted> accepted() {
    return Future.succeededFuture(new Generate.Accepted(control));
  }

  private void forget(UUID id, Generation generation) {
    growing.remove(id);
    log.info("llm.answered {}", generation);
  }

  private Future<Nothing> cancel(Generate.Cancel cancel) {
    Generation generation = growing.get(cancel.generation());
    if (generation != null) {
      generation.cancel();
    }
    return Future.succeededFuture(Nothing.NOTHING);
  }
}
