package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import lectern.bus.Json;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  @Test
  void the_catalogue_in_the_repository_is_the_one_that_ships() {
    assertThat(Catalogue.bundled()).isEqualTo(Catalogue.read(Path.of("conf", "models.json")));
  }

  @Test
  void it_offers_openai_models_first_and_extracts_last() {
    List<ModelSpec> models = Catalogue.bundled().models();
    assertThat(models.getFirst().provider()).isEqualTo("openai");
    assertThat(models.getLast().provider()).isEqualTo("extracts");
    assertThat(models.getLast().displayName()).isEqualTo("Extracts (no AI)");
  }

  @Test
  void every_priced_model_has_tiers_from_nothing_upwards() {
    assertThat(Catalogue.bundled().models().stream().flatMap(m -> m.prices().list().stream()))
        .isNotEmpty()
        .allSatisfy(
            price -> {
              assertThat(price.tiers().getFirst().above()).isZero();
              assertThat(price.tiers()).extracting(Prices.Tier::above).isSorted();
            });
  }

  @Test
  void every_model_says_where_what_it_says_comes_from() throws IOException {
    JsonNode file = Json.mapper().readTree(Path.of("conf", "models.json").toFile());
    List<String> sources = new ArrayList<>();
    file.path("sources").fieldNames().forEachRemaining(sources::add);
    assertThat(file.path("models"))
        .hasSizeGreaterThanOrEqualTo(25)
        .allSatisfy(model -> assertThat(model.path("source").asText()).isIn(sources));
    assertThat(LocalDate.parse(file.path("as_of").asText())).isAfter(LocalDate.of(2026, 11, 1));
  }

  @Test
  void what_was_taken_from_others_ships_with_its_notice() throws IOException {
    try (InputStream notice = Catalogue.class.getResourceAsStream("/conf/NOTICE")) {
      assertThat(notice).isNotNull();
      assertThat(new String(notice.readAllBytes(), StandardCharsets.UTF_8))
          .contains("conf/models.json", "MIT License", "Copyright (c)");
    }
  }

  @Test
  void prices_and_ends_are_of_this_time() {
    assertThat(Catalogue.bundled().models())
        .allSatisfy(
            model -> {
              assertThat(model.prices().list().stream().flatMap(CatalogueTest::days))
                  .allSatisfy(
                      day ->
                          assertThat(day)
                              .isBetween(LocalDate.of(2026, 1, 1), LocalDate.of(2028, 1, 1)));
              assertThat(model.shutdown() == null || model.shutdown().getYear() < 2028).isTrue();
            });
  }

  private static Stream<LocalDate> days(Prices.Price price) {
    return Stream.of(price.from(), price.until()).filter(Objects::nonNull);
  }

  @Test
  void a_cheaper_input_is_never_dearer_from_the_cache() {
    assertThat(
            Catalogue.bundled().models().stream()
                .flatMap(model -> model.prices().list().stream())
                .flatMap(price -> price.tiers().stream())
                .filter(tier -> tier.cachedInput() != null))
        .isNotEmpty()
        .allSatisfy(
            tier -> {
              assertThat(tier.cachedInput()).isLessThan(tier.input());
              assertThat(tier.output()).isGreaterThan(tier.input());
            });
  }

  @Test
  void models_that_take_no_temperature_say_so() {
    assertThat(sampling("openai", "gpt-6-astra")).isEqualTo(ModelSpec.Sampling.NEVER);
    assertThat(sampling("openai", "gpt-6-luna")).isEqualTo(ModelSpec.Sampling.WITHOUT_THINKING);
    assertThat(sampling("openai", "gpt-4.1")).isEqualTo(ModelSpec.Sampling.ALWAYS);
    assertThat(sampling("anthropic", "claude-opus-5-5")).isEqualTo(ModelSpec.Sampling.NEVER);
  }

  @Test
  void thinking_is_told_the_way_each_model_takes_it() {
    assertThat(thinking("openai", "gpt-6-luna").how()).isEqualTo(ModelSpec.How.EFFORT);
    assertThat(thinking("gemini", "gemini-3.8-flash").how()).isEqualTo(ModelSpec.How.LEVEL);
    assertThat(thinking("gemini", "gemini-2.5-pro").budget()).isGreaterThanOrEqualTo(128);
    assertThat(thinking("anthropic", "claude-sonnet-5-5").canBeOff()).isFalse();
    assertThat(thinking("openai", "gpt-4.1")).isEqualTo(ModelSpec.Thinking.NONE);
  }

  @Test
  void a_model_is_over_from_its_last_day_on() {
    ModelSpec ending = Catalogue.bundled().find("openai", "gpt-5-mini").orElseThrow();
    assertThat(ending.hasEnded(LocalDate.of(2026, 12, 10))).isFalse();
    assertThat(ending.hasEnded(LocalDate.of(2026, 12, 11))).isTrue();
    assertThat(new Offer(ending, Offer.Availability.ENDED).unavailableReason(true))
        .isEqualTo("The provider ended this model on 2026-12-11.");
  }

  private static ModelSpec.Sampling sampling(String provider, String name) {
    return Catalogue.bundled().find(provider, name).orElseThrow().rules().sampling();
  }

  private static ModelSpec.Thinking thinking(String provider, String name) {
    return Catalogue.bundled().find(provider, name).orElseThrow().rules().thinking();
  }

  @Test
  void a_model_named_twice_is_refused() {
    assertThatThrownBy(() -> new Catalogue(List.of(Wire.model(), Wire.model())))
        .hasMessageContaining("gpt-test of openai twice");
  }
}
