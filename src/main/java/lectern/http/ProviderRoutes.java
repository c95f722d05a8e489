package lectern.http;

import io.vertx.core.Future;
import lectern.bus.Bus;
import lectern.llm.LlmAddresses;
import lectern.llm.ProviderHealth;

/** How the providers of models do, for administrators. */
final class ProviderRoutes {
  private final Bus bus;

  ProviderRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> list(Call call) {
    return bus.ask(LlmAddresses.PROVIDERS, new ProviderHealth.Ask())
        .map(all -> Answer.ok(all.providers()));
  }

  Future<Answer> reset(Call call) {
    return bus.ask(LlmAddresses.RESET, new ProviderHealth.Reset(call.id("breaker_id")))
        .map(Answer::empty);
  }
}
