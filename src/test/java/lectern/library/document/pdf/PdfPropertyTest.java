package lectern.library.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lectern.library.document.CanonicalText;
import lectern.library.document.Unreadable;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PdfPropertyTest {
  private static final byte[] FILE = file();

  private static byte[] file() {
    try (TestingPdf pdf = new TestingPdf()) {
      pdf.text(72, 760, 20, "Of roads").lines(72, 720, 11, List.of("One goes past the", "mill."));
      pdf.text(pdf.saying("\ufb01", "ש"), 72, 600, 12, "AB");
      return pdf.page().text(TestingPdf.FIXED, 72, 700, 10, "x = 1").bytes();
    }
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.strings()
        .withChars("abcxyzABC.,-<&\u00e9\u00e4")
        .ofMinLength(1)
        .ofMaxLength(9)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  /** Wherever words stand, each letter of the text has the box it was drawn in. */
  @Property(tries = 60)
  void every_letter_has_its_box(@ForAll("words") List<String> words, @ForAll Random random) {
    try (TestingPdf pdf = new TestingPdf()) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        places.add(i);
      }
      java.util.Collections.shuffle(places, random);
      for (int i = 0; i < words.size(); i++) {
        int place = places.get(i);
        pdf.text(40 + place % 5 * 100, 800 - place / 5 * 9.5, 6 + random.nextInt(3), words.get(i));
      }
      PdfDocument.Page page = pdf.read().pages().getFirst();
      String text = page.text().text();
      List<Box> boxes = page.layout().boxes();
      assertThat(boxes).hasSize(text.codePointCount(0, text.length()));
      int[] codes = text.codePoints().toArray();
      long drawn = 0;
      for (int i = 0; i < codes.length; i++) {
        if (!Character.isWhitespace(codes[i])) {
          assertThat(boxes.get(i)).as("%d of %s", i, text).isNotNull();
          assertThat(boxes.get(i).left()).isBetween(39f, 600f);
          drawn++;
        }
      }
      long given = words.stream().mapToLong(String::length).sum();
      long hyphens = words.stream().filter(word -> word.endsWith("-")).count();
      assertThat(drawn).isBetween(given - hyphens, given);
      CanonicalText again = CanonicalText.of(page.text().html(), "");
      assertThat(again.text()).isEqualTo(text);
    }
  }

  @Provide
  Arbitrary<Box> box() {
    Arbitrary<Integer> steps = Arbitraries.integers().between(-200_000, 200_000);
    return net.jqwik.api.Combinators.combine(
            steps,
            steps,
            Arbitraries.integers().between(0, 9_000),
            Arbitraries.integers().between(0, 9_000))
        .as((x, y, w, h) -> new Box(x / 20f, y / 20f, (x + w) / 20f, (y + h) / 20f))
        .injectNull(0.2);
  }

  @Property
  void boxes_survive_being_packed(
      @ForAll @Size(max = 200) List<@net.jqwik.api.From("box") Box> boxes) {
    byte[] packed = new PageLayout(100, 200, boxes).packed();
    List<Box> back = PageLayout.unpacked(100, 200, packed).boxes();
    assertThat(back).hasSameSizeAs(boxes);
    for (int i = 0; i < boxes.size(); i++) {
      Box was = boxes.get(i);
      Box is = back.get(i);
      if (was == null) {
        assertThat(is).isNull();
      } else {
        assertThat(is.left()).isEqualTo(was.left(), off());
        assertThat(is.right()).isEqualTo(was.right(), off());
        assertThat(is.bottom()).isEqualTo(was.bottom(), off());
        assertThat(is.top()).isEqualTo(was.top(), off());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> off() {
    return org.assertj.core.data.Offset.offset(0.051f);
  }

  /** Whatever is changed in a file, the end is a document or a sentence. */
  @Property(tries = 150)
  void a_damaged_file_is_read_or_refused(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int changes) {
    byte[] bytes = FILE.clone();
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    try {
      assertThat(TestingPdf.read(bytes).pages()).isNotEmpty();
    } catch (Unreadable told) {
      assertThat(told.sentence()).endsWith(".");
    }
  }
}
