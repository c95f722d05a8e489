package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lectern.bus.Json;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTextTest {
  private static final Path CASES = Path.of("src/test/resources/canonical");

  @TestFactory
  Stream<DynamicTest> every_case_file_holds() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.sorted().toList().stream().flatMap(CanonicalTextTest::cases);
    }
  }

  private static Stream<DynamicTest> cases(Path file) {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : read(file)) {
      String name = file.getFileName() + ": " + one.get("name").asText();
      tests.add(DynamicTest.dynamicTest(name, () -> holds(one)));
    }
    return tests.stream();
  }

  private static JsonNode read(Path file) {
    try {
      return Json.mapper().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void holds(JsonNode one) {
    CanonicalText text = CanonicalText.of(one.get("input").asText(), "");
    assertThat(text.html()).isEqualTo(one.get("html").asText());
    assertThat(text.text()).isEqualTo(one.get("text").asText());
    assertThat(text.blocks()).isEqualTo(blocks(one.get("blocks")));
    assertLaws(text);
  }

  private static List<Block> blocks(JsonNode list) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode block : list) {
      blocks.add(
          new Block(
              block.get("start").asInt(),
              block.get("end").asInt(),
              BlockType.valueOf(block.get("type").asText().toUpperCase(java.util.Locale.ROOT))));
    }
    return blocks;
  }

  /** What is true of every canonical text. */
  static void assertLaws(CanonicalText text) {
    assertBlocksCover(text);
    assertElementsHoldTheirSlices(text);
    assertThat(Normalizer.isNormalized(text.text(), Normalizer.Form.NFC)).isTrue();
    assertThat(CanonicalText.of(text.html(), "")).isEqualTo(text);
    assertHarmless(text.html());
  }

  private static void assertBlocksCover(CanonicalText text) {
    int end = 0;
    for (Block block : text.blocks()) {
      assertThat(block.start()).isEqualTo(end);
      end = block.end();
    }
    assertThat(end).isEqualTo(text.text().codePointCount(0, text.text().length()));
  }

  private static void assertElementsHoldTheirSlices(CanonicalText text) {
    List<Element> leaves = Jsoup.parse(text.html()).select("[data-o]");
    assertThat(leaves).hasSameSizeAs(text.blocks());
    for (int i = 0; i < leaves.size(); i++) {
      Block block = text.blocks().get(i);
      assertThat(leaves.get(i).attr("data-o")).isEqualTo(String.valueOf(block.start()));
      assertThat(textContent(leaves.get(i))).isEqualTo(text.slice(block));
    }
  }

  /** The text nodes alone, as a browser's textContent has them. */
  private static String textContent(Element element) {
    StringBuilder content = new StringBuilder();
    element.nodeStream(TextNode.class).forEach(node -> content.append(node.getWholeText()));
    return content.toString();
  }

  private static void assertHarmless(String html) {
    Document page = Jsoup.parse(html);
    assertThat(
            page.select("script,style,iframe,object,embed,svg,math,form,meta,link,base,template"))
        .filteredOn(element -> element.closest("body") != null)
        .isEmpty();
    for (Element element : page.body().getAllElements()) {
      element
          .attributes()
          .forEach(
              attribute -> {
                assertThat(attribute.getKey())
                    .isIn(
                        "data-o",
                        "id",
                        "dir",
                        "href",
                        "title",
                        "rel",
                        "target",
                        "referrerpolicy",
                        "alt",
                        "start",
                        "colspan",
                        "rowspan");
              });
      assertThat(element.attr("href")).matches("(?s)(|#l-.*|https?:.*|mailto:.*)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<div>", "<b>", "<a href='https://example.org/'>", "<blockquote>", "<ul><li>", "<font>",
        "<h1><div>", "<pre><div>x", "<p>", "<table><tr>", "<dl><dt>", "<section><table><tr><td>"
      })
  void a_page_nested_without_end_is_read_in_bounded_time_and_depth(String deep) {
    CanonicalText text =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> CanonicalText.of(deep.repeat(10_000) + "words", ""));

    assertThat(text.text()).endsWith("words");
    assertLaws(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<table><td><p><td>a",
        "<ul><li></p>a<h1><ul>a",
        "<table><td><p>&nbsp;<td>a",
        "<table><td>word<table><td>",
        "<table><td>word<table><td></table><td>more",
        "<table><th><table><a href='#x'>a<th>"
      })
  void empty_and_unwritten_elements_leave_no_trace(String html) {
    assertLaws(CanonicalText.of(html, ""));
  }

  @Test
  void relative_links_lead_somewhere_when_the_base_is_known() {
    assertThat(CanonicalText.of("<a href='next'>x</a>", "https://example.org/a/b").html())
        .contains("href=\"https://example.org/a/next\"");
  }
}
