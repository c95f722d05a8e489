package lectern.llm;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs, by date and by size of the input. What is not known is absent, and a cost
 * that would need it is not known either: it is never guessed.
 */
public record Prices(List<Price> list) {
  public static final Prices UNKNOWN = new Prices(List.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Prices {
    list = List.copyOf(list);
    for (int next = 1; next < list.size(); next++) {
      LocalDate until = list.get(next - 1).until();
      LocalDate from = list.get(next).from();
      if (until == null || from == null || !until.isBefore(from)) {
        throw new IllegalArgumentException("prices follow each other, oldest first, one at a time");
      }
    }
  }

  @Override
  @JsonValue
  public List<Price> list() {
    return list;
  }

  /** The price on that day, as dates are counted in UTC. */
  public Optional<Price> on(LocalDate day) {
    return list.stream().filter(price -> price.holds(day)).findFirst();
  }

  /**
   * Millionths of a dollar for these tokens at that time. What the provider says it charged wins
   * over what its price list says.
   */
  public OptionalLong cost(Usage usage, Instant at) {
    Long charged = usage.costUsdMicros();
    if (charged != null) {
      return OptionalLong.of(charged);
    }
    return on(at.atZone(ZoneOffset.UTC).toLocalDate())
        .map(price -> price.tier(usage.input()).cost(usage))
        .orElse(OptionalLong.empty());
  }

  /**
   * What holds from one day to another.
   *
   * @param from the first day, or null for "as long as is known"
   * @param until the last day, or null for "until further notice"
   * @param tiers by size of the input, smallest first, the first above 0
   */
  public record Price(@Nullable LocalDate from, @Nullable LocalDate until, List<Tier> tiers) {
    public Price {
      tiers = List.copyOf(tiers);
      if (from != null && until != null && until.isBefore(from)) {
        throw new IllegalArgumentException("a price does not end before it begins");
      }
      if (tiers.isEmpty() || tiers.getFirst().above() != 0) {
        throw new IllegalArgumentException("the first tier holds from the first token on");
      }
      for (int next = 1; next < tiers.size(); next++) {
        if (tiers.get(next).above() <= tiers.get(next - 1).above()) {
          throw new IllegalArgumentException("tiers grow");
        }
      }
    }

    boolean holds(LocalDate day) {
      return (from == null || !day.isBefore(from)) && (until == null || !day.isAfter(until));
    }

    /** The whole call is charged by the tier its input falls in. */
    Tier tier(int input) {
      return tiers.stream()
          .filter(tier -> tier.above() == 0 || input > tier.above())
          .reduce((smaller, larger) -> larger)
          .orElseThrow();
    }
  }

  /**
   * US dollars for a million tokens, which is millionths of a dollar for one; null where that is
   * not known.
   *
   * @param above holds for inputs of more tokens than this
   * @param cachedInput for input the provider had in its cache
   * @param cacheWrite for input it was asked to keep there, where that has a price of its own
   */
  public record Tier(
      int above,
      @Nullable BigDecimal input,
      @Nullable BigDecimal cachedInput,
      @Nullable BigDecimal cacheWrite,
      @Nullable BigDecimal output) {

    OptionalLong cost(Usage usage) {
      int plain = Math.max(0, usage.input() - usage.cachedInput() - usage.cacheWrite());
      BigDecimal sum = BigDecimal.ZERO;
      for (Part part :
          List.of(
              new Part(plain, input),
              new Part(usage.cachedInput(), cachedInput),
              new Part(usage.cacheWrite(), cacheWrite),
              new Part(usage.output(), output))) {
        if (part.tokens > 0 && part.price == null) {
          return OptionalLong.empty();
        }
        sum = sum.add(part.micros());
      }
      return OptionalLong.of(sum.setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    private record Part(int tokens, @Nullable BigDecimal price) {
      BigDecimal micros() {
        return price == null ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(tokens));
      }
    }
  }
}
