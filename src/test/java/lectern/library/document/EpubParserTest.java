package lectern.library.document;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpubParserTest {

  private static TestingEpub small() {
    return new TestingEpub()
        .chapter("one.xhtml", "<h1>One</h1><p>The first.</p>")
        .chapter("two.xhtml", "<h1>Two</h1><p>The <i id='x'>second</i>.</p>");
  }

  private static List<String> texts(ParsedDocument book) {
    return book.parts().stream().map(part -> part.text().text()).toList();
  }

  private static void refused(TestingEpub epub, String words) {
    assertThatThrownBy(epub::read).isInstanceOf(Unreadable.class).hasMessageContaining(words);
  }

  @Test
  void a_book_is_its_chapters_with_what_it_says_of_itself() {
    ParsedDocument book =
        small()
            .metadata(
                "<dc:title>On <![CDATA[Ponds]]></dc:title><dc:creator>Ann</dc:creator>"
                    + "<dc:language>en_GB</dc:language>")
            .read();

    assertThat(book.title()).isEqualTo("On Ponds");
    assertThat(book.author()).isEqualTo("Ann");
    assertThat(book.language()).isEqualTo("en-GB");
    assertThat(texts(book)).containsExactly("One\n\nThe first.", "Two\n\nThe second.");
  }

  @Test
  void without_a_table_of_contents_its_headings_are_one() {
    assertThat(small().read().outline())
        .containsExactly(new OutlineEntry("One", 1, 0, 0), new OutlineEntry("Two", 1, 1, 0));
  }

  @Test
  void a_chapter_is_named_by_its_highest_heading_not_by_what_surrounds_it() {
    ParsedDocument book =
        new TestingEpub()
            .chapter("one.xhtml", "<h3>Navigation</h3><p>Next</p><h1>One</h1><p>The first.</p>")
            .chapter("two.xhtml", "<p>No heading.</p>")
            .read();

    assertThat(book.parts()).extracting(Part::title).containsExactly("One", null);
  }

  @Test
  void the_table_of_contents_of_epub_3_leads_to_places_in_chapters() {
    ParsedDocument book =
        small()
            .navigation(
                "<ol><li><a href='one.xhtml'>I</a></li><li><span>Part</span><ol><li>"
                    + "<a href='two.xhtml#x'>II</a></li><li><a href='gone.xhtml'>III</a></li>"
                    + "</ol></li></ol>")
            .read();

    assertThat(book.outline())
        .containsExactly(new OutlineEntry("I", 1, 0, 0), new OutlineEntry("II", 2, 1, 9));
    assertThat(book.parts()).extracting(Part::title).containsExactly("I", "II");
  }

  @Test
  void a_table_of_contents_that_mostly_leads_nowhere_is_not_taken() {
    ParsedDocument book =
        small()
            .navigation(
                "<ol><li><a href='one.xhtml'>I</a></li><li><a href='gone.xhtml'>II</a></li></ol>")
            .read();

    assertThat(book.outline()).extracting(OutlineEntry::title).containsExactly("One", "Two");
  }

  @Test
  void so_does_that_of_epub_2() {
    ParsedDocument book =
        small()
            .ncx(
                "<navPoint><navLabel><text>I</text></navLabel><content src='one.xhtml'/>"
                    + "<navPoint><navLabel><text>II</text></navLabel>"
                    + "<content src='two.xhtml#x'/></navPoint></navPoint>")
            .read();

    assertThat(book.outline())
        .containsExactly(new OutlineEntry("I", 1, 0, 0), new OutlineEntry("II", 2, 1, 9));
  }

  @Test
  void links_within_a_book_lead_to_fragments_and_others_out_of_it_or_nowhere() {
    String html =
        small()
            .chapter(
                "three.xhtml",
                "<p><a href='two.xhtml#x'>a</a> <a href='one.xhtml'>b</a> <a href='#n'>c</a>"
                    + " <a href='http://e.example/'>d</a> <a href='javascript:x'>e</a>"
                    + " <a href='gone.xhtml'>f</a> <a id='n'/>g</p>")
            .read()
            .parts()
            .getLast()
            .text()
            .html();

    assertThat(html)
        .contains("<a href=\"#fragment-1-9\">a</a>")
        .contains("<a href=\"#fragment-0\">b</a>")
        .contains("<a href=\"#fragment-2-12\">c</a>")
        .contains("<a href=\"http://e.example/\"")
        .contains(" e f g</p>");
  }

  @Test
  void pictures_are_kept_once_and_shown_under_their_names() {
    byte[] png = PicturesTest.picture("png", 3, 2);
    ParsedDocument book =
        new TestingEpub()
            .file("OPS/p/a b.png", png)
            .chapter(
                "cover.xhtml",
                "<svg xmlns:xlink='x'><image xlink:href='p/a%20b.png' width='1'/></svg>")
            .chapter(
                "one.xhtml", "<p>See <img src='p/a%20b.png' alt='it'/> and <img src='no'/>.</p>")
            .read();

    assertThat(book.pictures()).hasSize(1);
    String shown = "<img src=\"" + book.pictures().getFirst().source() + "\" alt=\"";
    assertThat(book.parts().getFirst().text().html()).contains(shown);
    assertThat(book.parts().getLast().text().html())
        .contains(shown + "it\" width=\"3\" height=\"2\">")
        .doesNotContain("no");
  }

  @Test
  void what_is_outside_the_line_of_reading_comes_last() {
    assertThat(
            texts(
                new TestingEpub()
                    .chapter("notes.xhtml", "<p>Notes</p>", "no")
                    .chapter("one.xhtml", "<p>One</p>")
                    .read()))
        .containsExactly("One", "Notes");
  }

  @Test
  void footnotes_stay_where_they_are_even_when_a_book_hides_them() {
    assertThat(
            texts(
                new TestingEpub()
                    .chapter("a", "<p>Word</p><aside epub:type='footnote' hidden=''>Note</aside>")
                    .read()))
        .containsExactly("Word\n\nNote");
  }

  @Test
  void empty_elements_of_xhtml_swallow_nothing() {
    assertThat(
            texts(
                new TestingEpub()
                    .chapter("a", "<p>a<a id='q'/><span/><i/>b<br/>c</p><script src='s'/><p>d</p>")
                    .read()))
        .containsExactly("ab\nc\n\nd");
  }

  @Test
  void malformed_chapters_and_those_in_other_charsets_are_read() {
    TestingEpub epub =
        small()
            .file("OPS/one.xhtml", "<p>a<b>b<p>c &nbsp;&unknown; <div>d".getBytes(UTF_16LE))
            .file(
                "OPS/two.xhtml",
                "<?xml version='1.0' encoding='windows-1251'?><p>Привет</p>"
                    .getBytes(Charset.forName("windows-1251")));

    assertThat(texts(epub.read())).containsExactly("ab\n\nc &unknown;\n\nd", "Привет");
  }

  @Test
  void broken_references_are_left_out() {
    assertThat(texts(small().without("OPS/one.xhtml").read()))
        .containsExactly("Two\n\nThe second.");
    refused(small().without("OPS/one.xhtml").without("OPS/two.xhtml"), "no text");
  }

  @Test
  void external_entities_are_not_read_and_others_do_not_multiply() {
    String doctype =
        "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b '&a;&a;&a;'>]>";
    TestingEpub epub =
        small()
            .metadata("<dc:title>&b;Title</dc:title>")
            .file("OPS/one.xhtml", doctype + "<html><body><p>x&b;&a;</p></body></html>");

    ParsedDocument book = epub.read();
    assertThat(book.title()).endsWith("Title").doesNotContain("root:");
    assertThat(texts(book).getFirst()).doesNotContain("root:").hasSizeLessThan(200);
  }

  @Test
  void names_that_climb_out_of_the_book_lead_nowhere() {
    String html =
        small()
            .file("../../etc/passwd", PicturesTest.picture("png", 1, 1))
            .chapter("three", "<p>x<img alt='y' src='../../../etc/passwd'/></p>")
            .read()
            .parts()
            .getLast()
            .text()
            .html();

    assertThat(html).contains("<img alt=\"y\">");
  }

  @Test
  void what_is_encrypted_is_refused_and_scrambled_fonts_are_not() {
    String method =
        "<encryption><EncryptedData><EncryptionMethod Algorithm='%s'/></EncryptedData></encryption>";
    refused(
        small()
            .file(
                "META-INF/encryption.xml",
                method.formatted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")),
        "DRM");
    assertThat(
            small()
                .file(
                    "META-INF/encryption.xml",
                    method.formatted("http://www.idpf.org/2008/embedding"))
                .read()
                .parts())
        .hasSize(2);
  }

  @Test
  void what_lacks_its_container_or_package_is_refused_in_a_sentence() {
    refused(small().without("META-INF/container.xml"), "not an EPUB");
    refused(
        small()
            .file("META-INF/container.xml", "<container><rootfile full-path='x.opf'/></container>"),
        "damaged");
    refused(small().file("OPS/book.opf", "<package/>"), "no text");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 0.999})
  void a_file_cut_short_is_refused_in_a_sentence(double share) {
    byte[] whole = small().bytes();

    assertThatThrownBy(() -> TestingEpub.read(Arrays.copyOf(whole, (int) (whole.length * share))))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void files_that_swell_are_refused() {
    refused(small().file("OPS/one.xhtml", new byte[12 << 20]), "swells");
    TestingEpub many = small();
    IntStream.range(0, 10_001).forEach(i -> many.file("f" + i, ""));
    refused(many, "too many");
  }

  @Test
  void reading_ends_when_its_time_is_over() {
    Progress over = new Progress(Duration.ofDays(1));
    over.stop();

    assertThatThrownBy(
            () ->
                ParsedDocument.read(
                    new SeekableInMemoryByteChannel(small().bytes()), Format.EPUB, over))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("too long");
  }

  @Test
  void a_heading_that_most_chapters_repeat_is_no_line_of_the_contents() {
    TestingEpub epub = new TestingEpub();
    for (int i = 0; i < 5; i++) {
      epub.chapter("c" + i + ".xhtml", "<h3>Navigation</h3><h1>Chapter " + i + "</h1><p>x</p>");
    }

    assertThat(epub.read().outline())
        .extracting(OutlineEntry::title)
        .containsExactly("Chapter 0", "Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4");
  }
}
