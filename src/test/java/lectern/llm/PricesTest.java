package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalLong;
import lectern.bus.Json;
import lectern.llm.Prices.Price;
import lectern.llm.Prices.Tier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricesTest {
  private static final String NOON = "T12:00:00Z";

  @ParameterizedTest(name = "{0} {1} on {2}: {3} in, {4} cached, {5} written, {6} out")
  @CsvSource({
    "openai,    gpt-6-luna,        2026-11-25,  1000,    0,   0, 1000,    600",
    "openai,    gpt-6-luna,        2026-11-25,  1000,  400,   0, 1000,    564",
    "openai,    gpt-6-luna,        2026-11-25,  1000,  400, 200, 1000,    569",
    "openai,    gpt-6-luna,        2026-11-25,     1,    0,   0,    0,      0",
    "openai,    gpt-6-luna,        2026-11-25,     5,    0,   0,    0,      1",
    "openai,    gpt-6.1-terra,     2026-10-25,  1000,    0,   0, 1000,     -1",
    "openai,    gpt-6.1-terra,     2026-10-26,  1000,    0,   0, 1000,   6000",
    "openai,    gpt-6.1-terra,     2026-11-25, 272000,   0,   0,    0, 272000",
    "openai,    gpt-6.1-terra,     2026-11-25, 272001,   0,   0,    0, 544002",
    "openai,    gpt-6.1-terra,     2026-11-25, 300000, 300000, 0, 1000, 37500",
    "openai,    gpt-6.1-terra,     2026-11-25,  1000,    0, 100, 1000,     -1",
    "gemini,    gemini-4-argon,    2026-11-30,  1000,    0,   0, 1000,  12000",
    "gemini,    gemini-4-argon,    2026-12-01,  1000,    0,   0, 1000,  24000",
    "gemini,    gemini-3.8-flash,  2026-12-31,  1000, 1000,   0,    0,     75",
    "gemini,    gemini-3.8-flash,  2027-01-01,  1000, 1000,   0,    0,    150",
    "gemini,    gemini-2.5-pro,    2026-11-25, 200001,   0,   0,    1,     -1",
    "anthropic, claude-sonnet-5-5, 2026-11-25,  1000,    0,   0, 1000,  12000",
    "anthropic, claude-sonnet-5-5, 2026-11-25,  1000,    1,   0, 1000,     -1",
    "anthropic, claude-haiku-5-5,  2026-11-25,  1000,    0,   0, 1000,     -1",
    "extracts,  extracts,          2026-11-25,  1000,    0,   0, 1000,     -1",
  })
  void an_answer_costs_what_the_list_of_its_day_says(
      String provider,
      String model,
      LocalDate day,
      int input,
      int cached,
      int written,
      int output,
      long micros) {
    Prices prices = Catalogue.bundled().find(provider, model).orElseThrow().prices();
    Usage usage = new Usage(input, cached, written, output, 0, null);
    assertThat(prices.cost(usage, Instant.parse(day + NOON)))
        .isEqualTo(micros < 0 ? OptionalLong.empty() : OptionalLong.of(micros));
  }

  @Test
  void what_the_provider_says_it_charged_wins() {
    Usage charged = new Usage(1000, 0, 0, 1000, 0, 7L);
    assertThat(Prices.UNKNOWN.cost(charged, Instant.EPOCH)).hasValue(7);
  }

  @Test
  void the_day_is_counted_in_utc() {
    Prices prices = Catalogue.bundled().find("gemini", "gemini-4-argon").orElseThrow().prices();
    Usage usage = new Usage(1, 0, 0, 0);
    assertThat(prices.cost(usage, Instant.parse("2026-11-30T23:59:59Z"))).hasValue(2);
    assertThat(prices.cost(usage, Instant.parse("2026-12-01T00:00:00Z"))).hasValue(4);
  }

  @Test
  void prices_that_overlap_or_turn_back_are_refused() {
    refuses(price(null, null), price("2026-12-01", null));
    refuses(price(null, "2026-12-01"), price("2026-12-01", null));
    refuses(price("2026-12-01", null), price(null, "2026-11-30"));
    assertThatThrownBy(() -> price("2026-12-02", "2026-12-01"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Price(null, null, List.of(tier(1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Price(null, null, List.of(tier(0), tier(5), tier(5))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void prices_are_a_plain_list_in_json() {
    Prices prices = new Prices(List.of(price("2026-12-01", null)));
    assertThat(Json.text(prices)).startsWith("[{\"from\":\"2026-12-01\"");
    assertThat(Json.read(Json.write(prices).getBytes(), Prices.class)).isEqualTo(prices);
  }

  private static void refuses(Price... prices) {
    assertThatThrownBy(() -> new Prices(List.of(prices)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Price price(@Nullable String from, @Nullable String until) {
    return new Price(day(from), day(until), List.of(tier(0)));
  }

  private static @Nullable LocalDate day(@Nullable String text) {
    return text == null ? null : LocalDate.parse(text);
  }

  private static Tier tier(int above) {
    return new Tier(above, BigDecimal.ONE, null, null, BigDecimal.TEN);
  }
}
