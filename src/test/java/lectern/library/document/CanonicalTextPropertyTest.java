package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CanonicalTextPropertyTest {
  private static final List<String> BLOCKS =
      List.of(
          "p",
          "div",
          "li",
          "ul",
          "ol",
          "blockquote",
          "pre",
          "h1",
          "h3",
          "table",
          "tr",
          "td",
          "th",
          "tbody",
          "caption",
          "dl",
          "dt",
          "dd",
          "section",
          "figure",
          "figcaption",
          "aside");
  private static final List<String> OTHERS =
      List.of(
          "b",
          "i",
          "a href='#x'",
          "a href='https://e.example/'",
          "code",
          "span",
          "mark",
          "sup",
          "font",
          "button",
          "center",
          "details",
          "summary",
          "template",
          "svg",
          "script",
          "p hidden");
  private static final List<String> VOID = List.of("<br>", "<hr>", "<img alt='x'>", "<!-- c -->");
  private static final List<String> WORDS =
      List.of(
          "a",
          "word",
          " ",
          "\n",
          "two words",
          " x ",
          "\u0301",
          "e",
          "\ud835\udcb3",
          "\u00a0",
          "\u1112",
          "\u1161",
          "&lt;i&gt;",
          "&amp;",
          "\t",
          "\u200b",
          "\ud83d\udc69\u200d\ud83d\udc67",
          "\u05e9",
          "\u212b",
          "\u09c7",
          "\u09be",
          "&#xd83d;",
          "&#0;",
          "<",
          "]]>");

  @Property(tries = 3000)
  void any_soup_of_tags_obeys_the_laws(@ForAll("soup") String html) {
    CanonicalTextTest.assertLaws(CanonicalText.of(html, ""));
  }

  @Property(tries = 1000)
  void any_characters_obey_the_laws(@ForAll String html) {
    CanonicalTextTest.assertLaws(CanonicalText.of(html, ""));
  }

  @Property(tries = 1000)
  void indenting_a_page_changes_nothing(@ForAll("page") List<String> blocks) {
    CanonicalText tight = CanonicalText.of(String.join("", blocks), "");
    CanonicalText indented = CanonicalText.of("\n  " + String.join("\n\t\n  ", blocks) + "\n", "");

    assertThat(indented).isEqualTo(tight);
  }

  @Property(tries = 1000)
  void no_word_of_a_page_is_lost_or_moved(@ForAll("page") List<String> blocks) {
    String html = String.join("", blocks);

    assertThat(CanonicalText.of(html, "").text().replaceAll("\\s", ""))
        .isEqualTo(html.replaceAll("<[^>]*>|\\s", ""));
  }

  @Provide
  Arbitrary<String> soup() {
    Arbitrary<String> tag = Arbitraries.of(BLOCKS).edgeCases(edges -> edges.none());
    Arbitrary<String> open =
        Arbitraries.oneOf(tag, Arbitraries.of(OTHERS)).map(name -> "<" + name + ">");
    Arbitrary<String> close =
        Arbitraries.oneOf(tag, Arbitraries.of(OTHERS)).map(name -> "</" + name.split(" ")[0] + ">");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, open),
            net.jqwik.api.Tuple.of(3, close),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(VOID)),
            net.jqwik.api.Tuple.of(4, Arbitraries.of(WORDS)))
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> page() {
    Arbitrary<String> words =
        Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(6);
    Arbitrary<String> block =
        Arbitraries.oneOf(
            words.map(w -> "<p>" + w + "</p>"),
            words.map(w -> "<h2>" + w + " " + w + "</h2>"),
            words.map(w -> "<ul><li>" + w + "</li><li>" + w + "<ul><li>z</li></ul></li></ul>"),
            words.map(w -> "<table><tr><td>" + w + "</td><td>" + w + "</td></tr></table>"),
            words.map(w -> "<blockquote><p>" + w + "</p><p>x</p></blockquote>"),
            words.map(w -> "<div>" + w + "<p>y</p>" + w + "</div>"));
    return block.list().ofMaxSize(8);
  }
}
