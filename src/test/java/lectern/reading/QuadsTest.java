package lectern.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lectern.library.document.pdf.Box;
import lectern.library.document.pdf.PageLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuadsTest {
  /** Lines of ten letters, each 5 wide, 10 high; nothing is drawn between two lines. */
  private static PageLayout page(int lines) {
    List<Box> boxes = new ArrayList<>();
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < 10; i++) {
        float left = 50 + i * 5;
        float bottom = 700 - line * 12;
        boxes.add(new Box(left, bottom, left + 5, bottom + 10));
      }
      boxes.add(null);
    }
    return new PageLayout(600, 800, boxes);
  }

  /** Whatever is marked by offsets and then by its quads is the same passage. */
  @Property(tries = 300)
  void a_passage_is_where_its_quads_are(
      @ForAll @IntRange(min = 0, max = 65) int one,
      @ForAll @IntRange(min = 0, max = 65) int other) {
    PageLayout page = page(6);
    int start = Math.min(one, other);
    int end = Math.max(one, other) + 1;
    List<Quad> quads = Quads.of(page, start, end);
    while (start < end && page.boxes().get(start) == null) {
      start++;
    }
    while (end > start && page.boxes().get(end - 1) == null) {
      end--;
    }
    assertThat(Quads.span(page, quads)).isEqualTo(start == end ? null : new Span(start, end));
    assertThat(quads.size()).isEqualTo(start == end ? 0 : (end - 1) / 11 - start / 11 + 1);
    assertThat(Quads.read(Quads.stored(quads))).isEqualTo(quads);
  }

  @Test
  void letters_that_run_up_a_page_are_one_quad() {
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boxes.add(new Box(100, 200 + i * 5, 110, 205 + i * 5));
    }
    assertThat(Quads.of(new PageLayout(600, 800, boxes), 0, 8))
        .containsExactly(Quad.of(100, 200, 110, 240));
  }
}
