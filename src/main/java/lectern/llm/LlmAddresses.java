package lectern.llm;

import java.time.Duration;
import lectern.bus.Address;
import lectern.bus.Nothing;

/** What can be asked about models over the bus. */
public final class LlmAddresses {
  /**
   * Refuses with E_MODEL_NOT_AVAILABLE, E_LLM_NO_KEY or, when too much is going on, E_UNAVAILABLE.
   */
  public static final Address<Generate, Generate.Accepted> GENERATE =
      Address.of("llm.generate", Generate.class, Generate.Accepted.class);

  public static final Address<Offer.Ask, Offer.All> MODELS =
      Address.of("llm.models", Offer.Ask.class, Offer.All.class);

  /** How the providers do, for administrators. */
  public static final Address<ProviderHealth.Ask, ProviderHealth.All> PROVIDERS =
      Address.of("llm.providers", ProviderHealth.Ask.class, ProviderHealth.All.class);

  /** Refuses with E_NOT_FOUND. */
  public static final Address<ProviderHealth.Reset, Nothing> RESET =
      Address.of("llm.reset", ProviderHealth.Reset.class, Nothing.class);

  private LlmAddresses() {}

  /** Where the one who generates can be told to stop: {@link Generate.Accepted#control}. */
  public static Address<Generate.Cancel, Nothing> control(String name) {
    return Address.of(name, Generate.Cancel.class, Nothing.class);
  }

  /**
   * Where an owner hears of its answers; it registers this once, for all of them. A batch that is
   * not taken in time is offered a second time, and after that the answer is given up.
   */
  public static Address<Report, Nothing> mailbox(String name) {
    return Address.of(name, Report.class, Nothing.class).patience(Duration.ofSeconds(5));
  }
}
