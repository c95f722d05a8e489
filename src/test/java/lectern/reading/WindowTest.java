package lectern.reading;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

  @ParameterizedTest
  @CsvSource({
    "0, 10000, 5000, 5009, 3750, 6250",
    "0, 3000, 0, 10, 0, 2500",
    "0, 3000, 2990, 3000, 500, 3000",
    "0, 3000, 100, 200, 100, 2600",
    "0, 2501, 1000, 1010, 1, 2501",
    "0, 5000, 4900, 4910, 2410, 4910",
    "0, 5000, 1000, 3600, 1000, 3600",
    "0, 3012, 6, 3006, 6, 3006",
  })
  void a_window_is_cut_to_the_cap(int from, int to, int start, int end, int left, int right) {
    assertThat(Window.capped(new Span(from, to), new Span(start, end)))
        .isEqualTo(new Span(left, right));
  }

  @Test
  void without_blocks_it_is_six_hundred_on_each_side_within_the_text() {
    assertThat(Window.around(new Span(1000, 1100), null, 5000)).isEqualTo(new Span(400, 1700));
    assertThat(Window.around(new Span(100, 200), null, 500)).isEqualTo(new Span(0, 500));
  }

  @Test
  void with_blocks_it_is_the_blocks_but_never_less_than_the_passage() {
    assertThat(Window.around(new Span(50, 60), new Span(20, 90), 5000)).isEqualTo(new Span(20, 90));
    assertThat(Window.around(new Span(10, 95), new Span(20, 90), 5000)).isEqualTo(new Span(10, 95));
  }

  @Property
  void a_window_holds_its_passage_and_is_no_longer_than_it_may_be(
      @ForAll @IntRange(max = 6000) int start,
      @ForAll @IntRange(min = 1, max = 4000) int length,
      @ForAll @IntRange(max = 6000) int before,
      @ForAll @IntRange(max = 6000) int after) {
    Span passage = new Span(start, start + length);
    Span blocks = new Span(Math.max(0, start - before), start + length + after);

    Span window = Window.around(passage, blocks, blocks.end());

    assertThat(window.start()).isLessThanOrEqualTo(passage.start());
    assertThat(window.end()).isGreaterThanOrEqualTo(passage.end());
    assertThat(window.length()).isLessThanOrEqualTo(Math.max(Window.CAP, length));
  }
}
