package lectern.library.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import lectern.library.document.Block;
import lectern.library.document.BlockType;
import lectern.library.document.Progress;
import lectern.library.document.Unreadable;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.common.PDPageLabelRange;
import org.apache.pdfbox.pdmodel.common.PDPageLabels;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PdfReaderTest {
  private static final List<String> LEFT =
      List.of(
          "The road that leads past the mill was",
          "always the one I took when there was",
          "time enough, for it is longer by an hour",
          "and shaded in the summer by old oaks",
          "which nobody has planted, they say.");
  private static final List<String> RIGHT =
      List.of(
          "Another road goes over the hill, and",
          "from its top the whole valley may be",
          "seen on a clear day, with its villages",
          "and its river, and the smoke of trains",
          "that stop there twice in the morning.");

  private final TestingPdf pdf = new TestingPdf();

  @AfterEach
  void close() {
    pdf.close();
  }

  private String text() {
    return pdf.read().pages().getFirst().text().text();
  }

  private static String joined(List<String> lines) {
    return String.join(" ", lines);
  }

  // Lines, paragraphs, headings

  @Test
  void lines_of_a_paragraph_are_one_text() {
    pdf.lines(72, 700, 11, LEFT);
    assertThat(text()).isEqualTo(joined(LEFT));
  }

  @Test
  void space_between_lines_parts_paragraphs() {
    pdf.lines(72, 700, 11, LEFT).lines(72, 600, 11, RIGHT);
    assertThat(text()).isEqualTo(joined(LEFT) + "\n\n" + joined(RIGHT));
  }

  @Test
  void an_indent_begins_a_paragraph() {
    pdf.lines(72, 700, 11, LEFT);
    pdf.text(90, 700 - 5 * 13.2, 11, RIGHT.getFirst());
    pdf.lines(72, 700 - 6 * 13.2, 11, RIGHT.subList(1, 5));
    assertThat(text()).isEqualTo(joined(LEFT) + "\n\n" + joined(RIGHT));
  }

  @Test
  void an_indent_begins_a_paragraph_below_a_list_too() {
    pdf.lines(105, 700, 11, LEFT);
    pdf.text(90, 700 - 5 * 13.2, 11, RIGHT.getFirst());
    pdf.lines(72, 700 - 6 * 13.2, 11, RIGHT.subList(1, 5));
    assertThat(text()).isEqualTo(joined(LEFT) + "\n\n" + joined(RIGHT));
  }

  @Test
  void large_and_bold_lines_are_headings() {
    pdf.text(72, 760, 24, "On Roads").lines(72, 720, 11, LEFT);
    pdf.text(TestingPdf.BOLD, 72, 640, 11, "The hill").lines(72, 620, 11, RIGHT);
    List<Block> blocks = pdf.read().pages().getFirst().text().blocks();
    assertThat(blocks)
        .extracting(Block::type)
        .containsExactly(
            BlockType.HEADING_1, BlockType.PARAGRAPH, BlockType.HEADING_4, BlockType.PARAGRAPH);
  }

  @Test
  void letters_of_one_width_keep_their_lines_and_indents() {
    pdf.text(TestingPdf.FIXED, 72, 700, 10, "if (a) {");
    pdf.text(TestingPdf.FIXED, 84, 688, 10, "return  b;");
    pdf.text(TestingPdf.FIXED, 72, 676, 10, "}");
    pdf.lines(72, 640, 11, LEFT);
    assertThat(text()).isEqualTo("if (a) {\n  return b;\n}\n\n" + joined(LEFT));
  }

  @Test
  void heads_and_feet_are_blocks_of_their_own() {
    pdf.text(72, 800, 9, "On Roads").text(480, 800, 9, "17");
    pdf.lines(72, 700, 11, LEFT).text(290, 40, 9, "17");
    assertThat(text()).isEqualTo("On Roads 17\n\n" + joined(LEFT) + "\n\n17");
  }

  @Test
  void lines_of_a_program_may_be_numbered_in_other_letters() {
    pdf.lines(72, 790, 11, LEFT);
    for (int i = 0; i < 4; i++) {
      pdf.text(72, 700 - i * 12, 7, "1" + i);
      pdf.text(TestingPdf.FIXED, 90, 700 - i * 12, 10, List.of("if (a)", "{", "b;", "}").get(i));
    }
    assertThat(text()).endsWith("\n\n10 if (a)\n11 {\n12 b;\n13 }");
  }

  @Test
  void an_item_of_a_list_that_goes_on_in_other_letters_is_prose() {
    pdf.text(72, 700, 10, "\u2022")
        .text(TestingPdf.FIXED, 84, 700, 10, "https://example.test/roads/");
    pdf.text(84, 688, 10, "and.html says where they lead.");
    assertThat(text())
        .isEqualTo("\u2022 https://example.test/roads/ and.html says where they lead.");
    assertThat(pdf.read().pages().getFirst().text().blocks())
        .extracting(Block::type)
        .containsExactly(BlockType.PARAGRAPH);
  }

  @Test
  void a_title_of_two_lines_in_the_middle_of_the_page_is_one() {
    centred(760, 22, "Everything there is to say");
    centred(732, 22, "of roads");
    pdf.lines(72, 690, 11, LEFT).lines(72, 600, 11, RIGHT);
    assertThat(text()).startsWith("Everything there is to say of roads\n\nThe road");
    assertThat(pdf.read().title()).isEqualTo("Everything there is to say of roads");
  }

  private void centred(double y, double size, String words) {
    pdf.text(297 - TestingPdf.width(words) * size / 2, y, size, words);
  }

  // Spaces

  @Test
  void words_of_a_line_that_is_set_tight_stay_apart() {
    pdf.apart(72, 700, 9, 0.15, "two", "thousand", "characters", "long", "(including", "spaces).");
    assertThat(text()).isEqualTo("two thousand characters long (including spaces).");
  }

  @Test
  void a_single_narrow_gap_among_wider_ones_is_no_space() {
    double end = 72 + 20 * (TestingPdf.width("where") + TestingPdf.width("the") + 0.6);
    pdf.apart(72, 700, 20, 0.3, "where", "the").apart(end, 700, 20, 0.13, "road", "s");
    pdf.apart(end + 20 * (TestingPdf.width("roads") + 0.43), 700, 20, 0.3, "lead", "to");
    assertThat(text()).isEqualTo("where the roads lead to");
  }

  @Test
  void letters_of_a_line_that_is_set_wide_stay_together() {
    pdf.apart(72, 700, 12, 0.25, "C", "H", "A", "P", "T", "E", "R");
    double end = 72 + 12 * (TestingPdf.width("CHAPTER") + 7 * 0.25 + 0.5);
    pdf.apart(end, 700, 12, 0.25, "T", "H", "R", "E", "E");
    assertThat(text()).isEqualTo("CHAPTER THREE");
  }

  @Test
  void single_letters_in_a_row_stay_apart() {
    pdf.apart(72, 700, 12, 0.3, "a", "b", "c", "d", "e", "f", "g", "h");
    assertThat(text()).isEqualTo("a b c d e f g h");
  }

  // Columns

  @Test
  void a_table_over_both_columns_is_read_before_them() {
    for (int i = 0; i < 3; i++) {
      pdf.text(230, 760 - i * 12, 10, "road " + i).text(320, 760 - i * 12, 10, i + "0 miles");
    }
    pdf.lines(72, 700, 10, LEFT).lines(310, 700, 10, RIGHT);
    assertThat(text())
        .isEqualTo(
            "road 0 00 miles road 1 10 miles road 2 20 miles\n\n"
                + joined(LEFT)
                + "\n\n"
                + joined(RIGHT));
  }

  @Test
  void columns_are_read_one_after_the_other_whatever_was_drawn_first() {
    for (int i = 0; i < 5; i++) {
      pdf.text(310, 700 - i * 12, 10, RIGHT.get(i)).text(72, 700 - i * 12, 10, LEFT.get(i));
    }
    assertThat(text()).isEqualTo(joined(LEFT) + "\n\n" + joined(RIGHT));
  }

  @Test
  void what_stands_across_columns_is_read_in_its_place() {
    pdf.text(72, 760, 10, "A heading that stands across both of the columns and is long for that");
    pdf.lines(72, 740, 10, LEFT).lines(310, 740, 10, RIGHT);
    pdf.text(72, 640, 10, "Some words below them that reach from the left edge to the right one");
    assertThat(text())
        .isEqualTo(
            "A heading that stands across both of the columns and is long for that\n\n"
                + joined(LEFT)
                + "\n\n"
                + joined(RIGHT)
                + "\n\nSome words below them that reach from the left edge to the right one");
  }

  @Test
  void a_word_goes_on_in_the_next_column() {
    List<String> broken = new ArrayList<>(LEFT);
    broken.set(4, "which nobody has planted and no-");
    List<String> rest = new ArrayList<>(RIGHT);
    rest.set(0, "body will ever cut down, and then,");
    pdf.lines(72, 700, 10, broken).lines(310, 700, 10, rest);
    assertThat(text()).contains("planted and nobody will ever cut");
  }

  @Test
  void the_rows_of_a_table_are_read_as_rows() {
    for (int i = 0; i < 6; i++) {
      pdf.text(72, 700 - i * 14, 10, "Town " + i).text(300, 700 - i * 14, 10, "1" + i + " km");
    }
    assertThat(text()).contains("Town 2 12 km").contains("Town 5 15 km");
  }

  // Hyphens and ligatures

  @Test
  void a_hyphen_at_the_end_of_a_line_joins_its_word() {
    pdf.lines(72, 700, 11, List.of("This is a won-", "derful day, well-known and well-", "known."));
    assertThat(text()).isEqualTo("This is a wonderful day, well-known and well-known.");
  }

  @Test
  void a_hyphen_before_a_capital_or_in_a_hyphened_word_stays() {
    pdf.lines(
        72,
        700,
        11,
        List.of("A trip from Anglo-", "Saxon times, state-of-the-", "art, 10-", "12."));
    assertThat(text()).isEqualTo("A trip from Anglo-Saxon times, state-of-the-art, 10- 12.");
  }

  @Test
  void a_hyphen_stays_where_another_page_writes_the_word_with_it() {
    pdf.lines(72, 700, 11, List.of("It needs a road-", "worthy car.")).page();
    pdf.text(72, 700, 11, "Few cars are road-worthy.");
    assertThat(text()).isEqualTo("It needs a road-worthy car.");
  }

  @Test
  void a_hyphen_goes_where_another_page_writes_the_word_without_it() {
    pdf.lines(72, 700, 11, List.of("A well-kept mile-", "stone on the road")).page();
    pdf.text(72, 700, 11, "The milestone is a stone that says which mile it is.");
    assertThat(text()).isEqualTo("A well-kept milestone on the road");
  }

  @Test
  void a_hyphen_between_two_words_of_a_text_with_such_compounds_stays() {
    pdf.lines(72, 700, 11, List.of("A foot-sore walker on a grass-", "grown lane saw grass"));
    pdf.text(72, 640, 11, "that was grown tall.");
    assertThat(text()).startsWith("A foot-sore walker on a grass-grown lane");
  }

  @Test
  void a_hyphen_between_two_words_of_a_text_without_such_compounds_goes() {
    pdf.lines(
        72, 700, 11, List.of("Ein schöner Garten und ein Kinder-", "garten, in dem Kinder sind"));
    assertThat(text()).isEqualTo("Ein schöner Garten und ein Kindergarten, in dem Kinder sind");
  }

  @Test
  void what_always_has_a_hyphen_keeps_it() {
    pdf.lines(72, 700, 11, List.of("Where it holds third-", "party things, and third-", "ly."));
    assertThat(text()).isEqualTo("Where it holds third-party things, and thirdly.");
  }

  @Test
  void a_soft_hyphen_is_not_read() {
    pdf.text(pdf.saying("Won", "\u00ad", "der"), 72, 700, 11, "AB");
    pdf.text(pdf.saying("der\u00adful"), 72, 687, 11, "A");
    assertThat(text()).isEqualTo("Wonderful");
  }

  @Test
  void ligatures_are_unfolded_and_share_their_box() {
    pdf.text(pdf.saying("\ufb01", "nd", "\ufb04"), 72, 700, 40, "ABC");
    PdfDocument.Page page = pdf.read().pages().getFirst();
    assertThat(page.text().text()).isEqualTo("findffl");
    List<Box> boxes = page.layout().boxes();
    assertThat(boxes.get(0).left()).isEqualTo(72, within());
    assertThat(boxes.get(0).right()).isEqualTo(boxes.get(1).left(), within());
    assertThat(boxes.get(0).width()).isEqualTo(boxes.get(1).width(), within());
    assertThat(boxes.get(6).width()).isEqualTo(boxes.get(4).width(), within());
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(0.1f);
  }

  @Test
  void accents_join_their_letters() {
    pdf.text(pdf.saying("e", "\u0301", "a"), 72, 700, 20, "ABC");
    PdfDocument.Page page = pdf.read().pages().getFirst();
    assertThat(page.text().text()).isEqualTo("\u00e9a");
    assertThat(page.layout().boxes()).hasSize(2);
  }

  // Directions and scripts

  @Test
  void a_turned_page_is_read_as_it_is_seen() {
    pdf.lastPage().setRotation(90);
    for (int i = 0; i < 5; i++) {
      pdf.text(
          TestingPdf.PLAIN,
          Matrix.getRotateInstance(Math.PI / 2, 100 + i * 14, 80),
          11,
          LEFT.get(i));
    }
    PdfDocument.Page page = pdf.read().pages().getFirst();
    assertThat(page.text().text()).isEqualTo(joined(LEFT));
    Box first = page.layout().boxes().getFirst();
    assertThat(first.bottom()).isEqualTo(80, within());
    assertThat(first.right()).isBetween(99f, 104f);
    assertThat(first.left()).isBetween(88f, 95f);
  }

  @Test
  void text_on_its_side_comes_after_the_rest() {
    pdf.text(TestingPdf.PLAIN, Matrix.getRotateInstance(Math.PI / 2, 30, 300), 9, "in the margin");
    pdf.lines(72, 700, 11, LEFT);
    assertThat(text()).isEqualTo(joined(LEFT) + "\n\nin the margin");
  }

  @Test
  void text_from_right_to_left_is_in_the_order_it_is_read() {
    pdf.text(pdf.saying("ם", "ו", "ל", "ש", " ", "1", "2"), 72, 700, 20, "FGEABCD");
    PdfDocument.Page page = pdf.read().pages().getFirst();
    assertThat(page.text().text()).isEqualTo("שלום 12");
    assertThat(page.text().html()).contains("dir=\"rtl\"");
    assertThat(page.layout().boxes().get(0).left())
        .isGreaterThan(page.layout().boxes().get(3).left());
  }

  @Test
  void letters_beyond_the_first_plane_are_one_code_point_with_one_box() {
    pdf.text(pdf.saying("𝒜", "𐎠", "x"), 72, 700, 20, "ABC");
    PdfDocument.Page page = pdf.read().pages().getFirst();
    assertThat(page.text().text()).isEqualTo("𝒜𐎠x");
    assertThat(page.layout().boxes()).hasSize(3).doesNotContainNull();
  }

  // What belongs to the document

  @Test
  void pages_have_labels_and_bookmarks_lead_to_places() throws IOException {
    pdf.lines(72, 700, 11, LEFT).page().lines(72, 700, 11, LEFT).lines(72, 500, 11, RIGHT);
    PDPageLabels labels = new PDPageLabels(pdf.document);
    PDPageLabelRange roman = new PDPageLabelRange();
    roman.setStyle(PDPageLabelRange.STYLE_ROMAN_LOWER);
    labels.setLabelItem(0, roman);
    pdf.document.getDocumentCatalog().setPageLabels(labels);
    PDDocumentOutline outline = new PDDocumentOutline();
    PDPageXYZDestination place = new PDPageXYZDestination();
    place.setPage(pdf.lastPage());
    place.setTop(512);
    PDOutlineItem item = new PDOutlineItem();
    item.setTitle("The hill");
    item.setDestination(place);
    outline.addLast(item);
    PDOutlineItem inner = new PDOutlineItem();
    inner.setTitle("Within");
    inner.setDestination(pdf.document.getPage(0));
    item.addLast(inner);
    pdf.document.getDocumentCatalog().setDocumentOutline(outline);
    pdf.document.getDocumentInformation().setTitle("Microsoft Word - Roads");
    pdf.document.getDocumentInformation().setAuthor("R. Walker");
    PdfDocument read = pdf.read();
    assertThat(read.title()).isEqualTo("Roads");
    assertThat(read.author()).isEqualTo("R. Walker");
    assertThat(read.pages()).extracting(PdfDocument.Page::label).containsExactly("i", "ii");
    assertThat(read.bookmarks())
        .containsExactly(
            new PdfDocument.Bookmark("The hill", 1, 1, joined(LEFT).length() + 2),
            new PdfDocument.Bookmark("Within", 2, 0, 0));
  }

  @Test
  void headings_are_the_outline_of_a_document_without_bookmarks() {
    for (int i = 1; i <= 4; i++) {
      pdf.text(72, 800, 14, "Of Roads")
          .text(72, 740, i == 1 ? 24 : 16, "Way " + "abcd".charAt(i - 1));
      pdf.lines(72, 700, 11, LEFT).lines(72, 600, 11, RIGHT).page();
    }
    assertThat(pdf.read().bookmarks())
        .containsExactly(
            new PdfDocument.Bookmark("Way a", 1, 0, "Of Roads\n\n".length()),
            new PdfDocument.Bookmark("Way b", 2, 1, "Of Roads\n\n".length()),
            new PdfDocument.Bookmark("Way c", 2, 2, "Of Roads\n\n".length()),
            new PdfDocument.Bookmark("Way d", 2, 3, "Of Roads\n\n".length()));
  }

  @Test
  void one_heading_is_no_outline() {
    pdf.text(72, 760, 24, "On Roads").lines(72, 720, 11, LEFT).page().lines(72, 700, 11, RIGHT);
    assertThat(pdf.read().bookmarks()).isEmpty();
  }

  @Test
  void a_document_of_pictures_has_pages_and_no_text() {
    pdf.draw(
        to -> {
          to.addRect(72, 72, 200, 200);
          to.fill();
        });
    PdfDocument read = pdf.page().read();
    assertThat(read.hasText()).isFalse();
    assertThat(read.pages()).hasSize(2);
  }

  // Locked, broken, hostile

  private void locked(String user) throws IOException {
    pdf.lines(72, 700, 11, LEFT);
    protect(user);
  }

  private void protect(String user) throws IOException {
    StandardProtectionPolicy policy =
        new StandardProtectionPolicy("owner", user, new AccessPermission());
    policy.setEncryptionKeyLength(128);
    pdf.document.protect(policy);
  }

  @Test
  void a_password_is_asked_for_in_a_sentence() throws IOException {
    locked("secret");
    assertThatThrownBy(pdf::read).isInstanceOf(Unreadable.class).hasMessageContaining("password");
  }

  @Test
  void a_document_only_its_owner_may_change_is_read() throws IOException {
    locked("");
    assertThat(text()).isEqualTo(joined(LEFT));
  }

  @Test
  void a_table_of_places_that_is_wrong_is_made_again() {
    byte[] bytes = pdf.lines(72, 700, 11, LEFT).bytes();
    String file = new String(bytes, StandardCharsets.ISO_8859_1);
    String wrong = file.replaceAll("startxref\\s+\\d+", "startxref\n7");
    assertThat(TestingPdf.read(wrong.getBytes(StandardCharsets.ISO_8859_1)).hasText()).isTrue();
  }

  @Test
  void what_is_no_pdf_is_refused_in_a_sentence() {
    for (String file :
        List.of("", "%PDF-1.7", "%PDF-1.7\n%%EOF", "hello", "%PDF-1.4\nstartxref\n9\n%%EOF")) {
      assertThatThrownBy(() -> TestingPdf.read(file.getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(Unreadable.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void half_a_file_is_read_or_refused() {
    byte[] bytes = pdf.lines(72, 700, 11, LEFT).page().lines(72, 700, 11, RIGHT).bytes();
    for (int length = 0; length < bytes.length; length += 97) {
      settled(Arrays.copyOf(bytes, length));
    }
  }

  private static void settled(byte[] bytes) {
    try {
      assertThat(TestingPdf.read(bytes).pages()).isNotEmpty();
    } catch (Unreadable told) {
      assertThat(told.sentence()).endsWith(".");
    }
  }

  @Test
  void a_stream_that_unpacks_without_end_is_refused() {
    byte[] bytes = pdf.spaces(200L << 20).bytes();
    assertThat(bytes.length).isLessThan(1 << 20);
    assertThatThrownBy(() -> TestingPdf.read(bytes))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("unpacks");
  }

  @Test
  void a_stream_packed_twice_is_refused_as_well() throws IOException {
    byte[] content = packed(packed(new byte[200 << 20]));
    assertThat(content.length).isLessThan(10_000);
    COSStream stream = pdf.document.getDocument().createCOSStream();
    try (OutputStream to = stream.createRawOutputStream()) {
      to.write(content);
    }
    COSArray filters = new COSArray();
    filters.add(COSName.FLATE_DECODE);
    filters.add(COSName.FLATE_DECODE);
    stream.setItem(COSName.FILTER, filters);
    pdf.lastPage().getCOSObject().setItem(COSName.CONTENTS, stream);
    assertThatThrownBy(pdf::read).isInstanceOf(Unreadable.class).hasMessageContaining("unpacks");
  }

  @Test
  void a_locked_stream_that_unpacks_without_end_is_refused_as_well() throws IOException {
    pdf.spaces(200L << 20);
    protect("");
    byte[] bytes = pdf.bytes();
    assertThatThrownBy(() -> TestingPdf.read(bytes))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("unpacks");
  }

  @Test
  void a_locked_font_that_unpacks_without_end_is_refused_as_well() throws IOException {
    pdf.lines(72, 700, 11, LEFT);
    COSStream stream = pdf.document.getDocument().createCOSStream();
    try (OutputStream to = stream.createOutputStream(COSName.FLATE_DECODE)) {
      to.write(new byte[200 << 20]);
    }
    COSDictionary fonts =
        pdf.lastPage().getResources().getCOSObject().getCOSDictionary(COSName.FONT);
    fonts.getCOSDictionary(fonts.keySet().iterator().next()).setItem(COSName.TO_UNICODE, stream);
    protect("");
    byte[] bytes = pdf.bytes();
    assertThatThrownBy(() -> TestingPdf.read(bytes))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("unpacks");
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream to = new DeflaterOutputStream(out)) {
      to.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void a_page_of_rubbish_leaves_the_others() throws IOException {
    COSStream stream = pdf.document.getDocument().createCOSStream();
    try (OutputStream to = stream.createOutputStream()) {
      to.write(
          "BT /None 12 Tf (x) Tj ]] >> 1 0 0 ( <</ q Q Q Q".getBytes(StandardCharsets.US_ASCII));
    }
    pdf.lastPage().getCOSObject().setItem(COSName.CONTENTS, stream);
    PdfDocument read = pdf.page().lines(72, 700, 11, LEFT).read();
    assertThat(read.pages()).hasSize(2);
    assertThat(read.pages().get(1).text().text()).isEqualTo(joined(LEFT));
  }

  @Test
  void lines_of_a_table_of_contents_are_blocks() {
    pdf.lines(
        72, 700, 11, List.of("Roads . . . . . . . . 3", "Hills and mills.......... 17", "Weather"));
    assertThat(text())
        .isEqualTo("Roads . . . . . . . . 3\n\nHills and mills.......... 17\n\nWeather");
  }

  @Test
  void pages_within_pages_end() {
    pdf.lines(72, 700, 11, LEFT);
    COSDictionary root = pdf.catalog().getCOSDictionary(COSName.PAGES);
    COSArray kids = (COSArray) root.getDictionaryObject(COSName.KIDS);
    for (int level = 0; level < 12; level++) {
      COSDictionary node = new COSDictionary();
      node.setItem(COSName.TYPE, COSName.PAGES);
      COSArray same = new COSArray();
      for (int i = 0; i < 12; i++) {
        same.add(kids.get(0));
      }
      node.setItem(COSName.KIDS, same);
      node.setItem(COSName.COUNT, COSInteger.get(12));
      kids.clear();
      kids.add(node);
    }
    root.setItem(COSName.COUNT, COSInteger.get(Integer.MAX_VALUE));
    settled(pdf.bytes());
  }

  @Test
  void forms_that_draw_themselves_end() {
    byte[] bytes =
        """
        %PDF-1.4
        1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R
          /Resources<</XObject<</F 5 0 R>>>>>> endobj
        4 0 obj <</Length 5>> stream
        /F Do
        endstream endobj
        5 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 11
          /Resources<</XObject<</F 5 0 R>>>>>> stream
        /F Do /F Do
        endstream endobj
        trailer <</Root 1 0 R>>
        """
            .getBytes(StandardCharsets.US_ASCII);
    settled(bytes);
  }

  // Limits

  private static final PdfLimits SMALL = new PdfLimits(3, 50, 200, 1_000);

  @Test
  void as_many_pages_as_may_be_are_read_and_one_more_is_refused() {
    pdf.lines(72, 700, 11, LEFT.subList(0, 1)).page().page();
    assertThat(pdf.read(SMALL).pages()).hasSize(3);
    pdf.page();
    assertThatThrownBy(() -> pdf.read(SMALL))
        .isInstanceOf(Unreadable.class)
        .hasMessage("This PDF has more than 3 pages.");
  }

  @Test
  void a_page_is_read_up_to_its_last_letter_that_may_be() {
    pdf.text(72, 700, 11, "x".repeat(49)).text(72, 600, 11, "yz").page().text(72, 700, 11, "z");
    PdfDocument read = pdf.read(SMALL);
    assertThat(read.pages().get(0).text().text()).isEqualTo("x".repeat(49) + "\n\ny");
    assertThat(read.pages().get(1).text().text()).isEqualTo("z");
  }

  @Test
  void as_much_text_as_may_be_is_read_and_more_is_refused() {
    PdfLimits limits = new PdfLimits(10, 100, 200, 1_000);
    pdf.text(72, 700, 6, "x".repeat(100)).page().text(72, 700, 6, "y".repeat(100));
    assertThat(pdf.read(limits).pages().get(1).text().text()).hasSize(100);
    pdf.page().text(72, 700, 6, "z");
    assertThatThrownBy(() -> pdf.read(limits))
        .isInstanceOf(Unreadable.class)
        .hasMessage("There is more text in this PDF than can be kept.");
  }

  @Test
  void a_page_of_more_commands_than_may_be_has_no_text_and_leaves_the_others() {
    pdf.commands("q Q ", 501).page().text(72, 700, 11, "Here it goes on");
    PdfDocument read = pdf.read(SMALL);
    assertThat(read.pages().get(0).text().text()).isEmpty();
    assertThat(read.pages().get(1).text().text()).isEqualTo("Here it goes on");
  }

  @Test
  void a_page_that_takes_too_long_ends_in_its_midst() {
    byte[] bytes = pdf.commands("q Q ", 2_000_000).bytes();
    assertThatThrownBy(
            () -> TestingPdf.read(bytes, PdfLimits.USUAL, new Progress(Duration.ofMillis(100))))
        .isInstanceOf(Unreadable.class)
        .hasMessage("This document takes too long to read.");
  }

  // Fonts

  @Test
  void the_fonts_of_the_machine_are_not_looked_for() {
    pdf.text(72, 700, 11, "Roads").read();
    assertThat(FontMappers.instance()).isInstanceOf(Fonts.class);
  }

  @Test
  void names_of_nothing_are_no_titles() {
    pdf.lines(72, 700, 11, LEFT);
    for (String name : List.of("untitled", "C:\\roads\\a.doc", "thesis.dvi", "", "  ", "12")) {
      pdf.document.getDocumentInformation().setTitle(name);
      assertThat(pdf.read().title()).isEmpty();
    }
  }
}
