package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model as the catalogue or a local server describes it. Provider and name together identify it;
 * the id a database gives it is the database's affair.
 *
 * @param modelName the name the provider knows it by
 * @param displayName the name a person picks it by
 * @param maxContextTokens how much it can read, question and answer together
 * @param maxOutputTokens how much it can write at once
 * @param prices what it costs by date, empty when that is not known or nothing
 */
public record ModelSpec(
    String provider,
    String modelName,
    String displayName,
    int maxContextTokens,
    int maxOutputTokens,
    Set<Capability> capabilities,
    List<Price> prices) {

  public ModelSpec {
    capabilities = Set.copyOf(capabilities);
    prices = List.copyOf(prices);
    if (provider.isBlank() || modelName.isBlank() || displayName.isBlank()) {
      throw new IllegalArgumentException("a model has a provider and two names");
    }
    if (maxContextTokens <= 0 || maxOutputTokens <= 0 || maxOutputTokens > maxContextTokens) {
      throw new IllegalArgumentException("a model writes some tokens, at most as many as it reads");
    }
  }

  /** What a model can do beyond answering text with text. */
  public enum Capability {
    /** Thinks before it answers; part of the output limit goes there. */
    REASONING,
    /** Takes a temperature. A model without this is never sent one. */
    SAMPLING,
    /** Answers only by quoting, with no language model behind it. */
    EXTRACTIVE;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a million tokens cost from one day to another.
   *
   * @param from the first day, or null for "as long as is known"
   * @param until the last day, or null for "until further notice"
   * @param tiers by size of the input, smallest first
   */
  public record Price(@Nullable LocalDate from, @Nullable LocalDate until, List<Tier> tiers) {
    public Price {
      tiers = List.copyOf(tiers);
    }
  }

  /**
   * US dollars per million tokens, from one size of input on.
   *
   * @param above holds for inputs of more tokens than this
   */
  public record Tier(int above, BigDecimal input, BigDecimal cachedInput, BigDecimal output) {}
}
