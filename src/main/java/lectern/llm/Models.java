package lectern.llm;

import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.Offer.Availability;
import org.jspecify.annotations.Nullable;

/** Which models there are, who may be asked, and over which connection. */
final class Models {
  static final String EXTRACTS = "extracts";

  private static final Connection NO_WIRE =
      new Connection(
          EXTRACTS, Dialect.EXTRACTS, URI.create("http://localhost"), null, Patience.LOCAL);

  private final LlmSettings settings;
  private final Catalogue catalogue;
  private final LocalServers local;
  private final Clock clock;

  /**
   * @param clock tells which models have ended
   */
  Models(LlmSettings settings, Catalogue catalogue, LocalServers local, Clock clock) {
    this.settings = settings;
    this.catalogue = catalogue;
    this.local = local;
    this.clock = clock;
  }

  /** The connections that have a key of this server's. */
  List<Connection> configured() {
    return settings.providers().entrySet().stream()
        .filter(one -> one.getValue().enabled() && one.getValue().key() != null)
        .map(one -> one.getValue().connection(one.getKey(), one.getValue().key()))
        .toList();
  }

  Future<Offer.All> all() {
    return local.models().map(this::withLocal);
  }

  private Offer.All withLocal(List<LocalServers.Found> found) {
    List<Offer> offers = new ArrayList<>();
    catalogue.models().stream().map(this::offer).forEach(offers::add);
    found.forEach(one -> offers.add(new Offer(one.model(), Availability.READY)));
    return new Offer.All(offers);
  }

  private Offer offer(ModelSpec model) {
    return new Offer(
        model,
        model.hasEnded(LocalDate.now(clock)) ? Availability.ENDED : availability(model.provider()));
  }

  private Availability availability(String name) {
    if (name.equals(EXTRACTS)) {
      return Availability.READY;
    }
    LlmSettings.Provider provider = settings.providers().get(name);
    if (provider == null || !provider.enabled()) {
      return Availability.OFF;
    }
    return provider.key() == null ? Availability.NEEDS_KEY : Availability.READY;
  }

  /**
   * The connection to this target, with its own key or the server's; fails with a refusal when
   * there is none.
   */
  Future<Connection> connection(Target target) {
    ModelSpec model = target.model();
    if (target.connection() != null) {
      return Future.succeededFuture(target.connection());
    }
    if (model.hasEnded(LocalDate.now(clock))) {
      return unavailable("The provider ended this model on %s.".formatted(model.shutdown()));
    }
    return switch (model.provider()) {
      case EXTRACTS -> Future.succeededFuture(NO_WIRE);
      case LocalServers.PROVIDER -> local.models().compose(found -> toLocal(model, found));
      default -> remote(model, target.key());
    };
  }

  private static Future<Connection> toLocal(ModelSpec model, List<LocalServers.Found> found) {
    return found.stream()
        .filter(one -> one.model().modelName().equals(model.modelName()))
        .findFirst()
        .map(one -> Future.succeededFuture(local(one.baseUrl())))
        .orElseGet(() -> unavailable("No model server on this machine has this model right now."));
  }

  private static Connection local(URI baseUrl) {
    return new Connection(
        LocalServers.PROVIDER, Dialect.OPENAI_COMPATIBLE, baseUrl, null, Patience.LOCAL);
  }

  private Future<Connection> remote(ModelSpec model, @Nullable Secret own) {
    LlmSettings.Provider provider = settings.providers().get(model.provider());
    if (provider == null || !provider.enabled()) {
      return unavailable("This provider is switched off on this server.");
    }
    Secret key = own == null ? provider.key() : own;
    if (key == null) {
      return Future.failedFuture(
          new Refusal(Code.E_LLM_NO_KEY, "Add a key for this provider to use this model."));
    }
    return Future.succeededFuture(provider.connection(model.provider(), key));
  }

  private static Future<Connection> unavailable(String why) {
    return Future.failedFuture(new Refusal(Code.E_MODEL_NOT_AVAILABLE, why));
  }
}
