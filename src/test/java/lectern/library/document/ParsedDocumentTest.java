package lectern.library.document;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedDocumentTest {

  private static String text(ParsedDocument document) {
    return document.parts().getFirst().text().text();
  }

  private static ParsedDocument read(byte[] bytes, Format format) {
    Progress progress = new Progress(Duration.ofMinutes(1));
    return ParsedDocument.read(new SeekableInMemoryByteChannel(bytes), format, progress);
  }

  @Test
  void plain_text_has_paragraphs_at_blank_lines_and_keeps_its_line_breaks() {
    ParsedDocument document =
        ParsedDocument.read("One\r\ntwo\r\n \t\r\n\r\n<b> & three\r", Format.TEXT);

    assertThat(text(document)).isEqualTo("One\ntwo\n\n<b> & three");
    assertThat(document.title()).isEmpty();
    assertThat(document.parts().getFirst().text().blocks()).hasSize(2);
  }

  @Test
  void markdown_has_headings_tables_and_strikethrough_and_its_html_is_cleaned() {
    ParsedDocument document =
        ParsedDocument.read(
            "# On *Reading*\n\n- a\n- ~~b~~\n\n|x|y|\n|-|-|\n|1|2|\n\n<script>z</script><b onclick=x>w</b>",
            Format.MARKDOWN);

    assertThat(document.title()).isEqualTo("On Reading");
    assertThat(text(document)).isEqualTo("On Reading\n\na\nb\n\nx\ty\n1\t2\n\nw");
    assertThat(document.parts().getFirst().text().html())
        .contains("<s>b</s>")
        .doesNotContain("onclick");
  }

  @Test
  void links_within_a_page_lead_to_offsets_whatever_their_goal_is_marked_by() {
    ParsedDocument document =
        ParsedDocument.read(
            "<p><a href='#_a'>1</a> <a href='#b'>2</a> <a href='#c'>3</a> <a href='#%C3%A4'>4</a>"
                + " <a href='#no'>5</a></p><h2 id=_a>A</h2><a name=b></a><p>B</p>"
                + "<p>x <span id=c>C</span></p><p id='\u00E4'>D</p>",
            Format.HTML);

    String text = text(document);
    assertThat(text).isEqualTo("1 2 3 4 5\n\nA\n\nB\n\nx C\n\nD");
    assertThat(document.parts().getFirst().text().html())
        .contains("#fragment-0-" + text.indexOf('A') + "\"", "#fragment-0-" + text.indexOf('B'))
        .contains("#fragment-0-" + text.indexOf('C'), "#fragment-0-" + text.indexOf('D'))
        .contains("href=\"#l-no\"");
  }

  @Test
  void headings_over_ways_out_of_a_page_are_no_contents_of_it() {
    ParsedDocument document =
        ParsedDocument.read(
            "<div role=navigation><h3>Navigation</h3><a href='https://e.example/'>Next</a></div>"
                + "<h1>Ponds</h1><nav><h2>On this page</h2></nav><h2>Reed</h2>x",
            Format.HTML);

    assertThat(document.outline()).extracting(OutlineEntry::title).containsExactly("Ponds", "Reed");
    assertThat(text(document)).contains("Navigation", "On this page");
  }

  @Test
  void html_is_called_by_its_title() {
    ParsedDocument document =
        ParsedDocument.read(
            "<!doctype html><html><head><title> The\n Title </title></head><body><h1>Other</h1>x",
            Format.HTML);

    assertThat(document.title()).isEqualTo("The Title");
    assertThat(text(document)).isEqualTo("Other\n\nx");
  }

  @Test
  void a_title_is_never_longer_than_a_title_may_be() {
    String title =
        ParsedDocument.read("<title>" + "\ud835\udcb3y".repeat(300) + "</title>x", Format.HTML)
            .title();

    assertThat(title.codePointCount(0, title.length())).isEqualTo(ParsedDocument.MAX_TITLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE", "UTF-16", "Shift_JIS", "KOI8-R"})
  void the_charset_is_found_out(String name) {
    String original =
        switch (name) {
          case "Shift_JIS" -> "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。".repeat(8);
          case "KOI8-R" ->
              "Все счастливые семьи похожи друг на друга, каждая несчастливая семья. "
                  .repeat(8)
                  .strip();
          default -> "“Curly quotes”, naïve cafés – and a dash in plain prose".repeat(3);
        };

    assertThat(text(read(original.getBytes(Charset.forName(name)), Format.TEXT)))
        .isEqualTo(original);
  }

  @Test
  void a_byte_order_mark_is_not_a_character() {
    for (Charset charset : new Charset[] {UTF_8, UTF_16LE, UTF_16BE}) {
      assertThat(text(read("\uFEFFword".getBytes(charset), Format.TEXT))).isEqualTo("word");
    }
  }

  @Test
  void a_page_says_its_charset_itself() {
    byte[] page =
        "<meta charset='windows-1251'><p>Привет".getBytes(Charset.forName("windows-1251"));

    assertThat(text(read(page, Format.HTML))).isEqualTo("Привет");
  }

  @Test
  void a_page_that_names_the_wrong_charset_is_read_as_what_it_is() {
    byte[] page = "<meta charset='utf-7'><p>naïve café".getBytes(UTF_8);

    assertThat(text(read(page, Format.HTML))).isEqualTo("naïve café");
  }

  @Test
  void a_file_that_is_no_text_is_refused_in_a_sentence() {
    byte[] noise = new byte[4096];
    IntStream.range(0, noise.length).forEach(i -> noise[i] = (byte) (i * 31));

    assertThatThrownBy(() -> read(noise, Format.TEXT))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("not a text");
    assertThatThrownBy(() -> read("%PDF-1.7 ...".getBytes(UTF_8), Format.HTML))
        .isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> read(new byte[] {'P', 'K', 3, 4, 9}, Format.MARKDOWN))
        .isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "<p hidden>x</p>", "<!-- x -->"})
  void a_document_without_words_is_refused(String empty) {
    assertThatThrownBy(() -> ParsedDocument.read(empty, Format.HTML))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("no text");
  }

  @Test
  void markdown_nested_without_end_is_refused_or_read_but_never_thrown_at_the_caller() {
    for (String deep : new String[] {"> ", "- ", "*a **b ", "[", "![", "1. ", "_"}) {
      try {
        assertThat(text(ParsedDocument.read(deep.repeat(20_000) + "words", Format.MARKDOWN)))
            .contains("words");
      } catch (Unreadable e) {
        assertThat(e.sentence()).contains("deeply");
      }
    }
  }

  @Test
  void tables_within_tables_without_end_are_refused_at_once() {
    String deep = "<table><tr><td>".repeat(1_000_000) + "words";

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThatThrownBy(() -> ParsedDocument.read(deep, Format.HTML))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("deeply"));
  }
}
