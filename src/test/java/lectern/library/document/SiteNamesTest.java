package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Hedges | The Walker; The Walker; Hedges",
        "Hedges - and ditches — the walker; The Walker; Hedges - and ditches",
        "Hedges | The Walker; ''; Hedges | The Walker",
        "Hedges · walker.example; ''; Hedges",
        "Hedges: Walker; ''; Hedges: Walker",
        "Hedges : Walker; ''; Hedges",
        "Hedges | Walkers; ''; Hedges | Walkers",
        "The Walker; The Walker; The Walker",
        "C - a language; A Language; C"
      })
  void a_title_loses_the_name_of_its_site_and_nothing_else(
      String title, String said, String expected) {
    String head = "<meta property=og:site_name content='%s'>".formatted(said);
    assertThat(
            SiteNames.without(
                title, SiteNames.of(Jsoup.parse(head), "https://www.walker.example/a")))
        .isEqualTo(expected);
  }
}
