package lectern.models;

import java.util.List;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.Prices.Price;
import lectern.llm.Prices.Tier;

/** Prices as an administrator writes them: for every day until they are set anew. */
final class Tiers {
  private Tiers() {}

  /** Refuses what is no price list; an empty one says that nothing is known. */
  static void check(List<Tier> tiers) {
    if (tiers.isEmpty()) {
      return;
    }
    try {
      new Price(null, null, tiers);
    } catch (IllegalArgumentException wrong) {
      throw new Refusal(
              Code.E_INVALID_REQUEST,
              "The first price holds above 0 tokens, and each further one above more than the one"
                  + " before.")
          .with("field", "prices");
    }
  }
}
