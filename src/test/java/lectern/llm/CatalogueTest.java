package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
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
    assertThat(Catalogue.bundled().models().stream().flatMap(m -> m.prices().stream()))
        .isNotEmpty()
        .allSatisfy(
            price -> {
              assertThat(price.tiers().getFirst().above()).isZero();
              assertThat(price.tiers()).extracting(ModelSpec.Tier::above).isSorted();
            });
  }

  @Test
  void a_model_named_twice_is_refused() {
    assertThatThrownBy(() -> new Catalogue(List.of(Wire.model(), Wire.model())))
        .hasMessageContaining("gpt-test of openai twice");
  }
}
