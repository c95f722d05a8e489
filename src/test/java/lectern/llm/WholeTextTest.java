package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WholeTextTest {
  private final WholeText whole = new WholeText();

  @Test
  void the_first_half_of_a_character_waits_for_the_second() {
    assertThat(text("a\ud83d")).isEqualTo("a");
    assertThat(text("\udc4bb")).isEqualTo("👋b");
    assertThat(whole.rest()).isEmpty();
  }

  @Test
  void text_and_reasoning_wait_apart() {
    assertThat(text("\ud83d")).isEmpty();
    assertThat(whole.whole(new Delta.Reasoning("\udc4b")).text()).isEqualTo("\uFFFD");
    assertThat(text("\udc4b")).isEqualTo("👋");
  }

  @Test
  void a_half_that_stays_alone_is_replaced() {
    assertThat(text("\udc4ba\ud83db")).isEqualTo("\uFFFDa\uFFFDb");
    assertThat(text("\ud83d")).isEmpty();
    assertThat(text("c")).isEqualTo("\uFFFDc");
    assertThat(text("\ud83d")).isEmpty();
    assertThat(whole.rest()).containsExactly(new Delta.Text("\uFFFD"));
  }

  @Test
  void nul_is_replaced() {
    assertThat(text("a\u0000b")).isEqualTo("a\uFFFDb");
  }

  @Property(tries = 300)
  void well_formed_text_comes_out_as_it_went_in_char_by_char(@ForAll String any) {
    String sound = text(any) + String.join("", whole.rest().stream().map(Delta::text).toList());
    StringBuilder crumbs = new StringBuilder();
    WholeText other = new WholeText();
    for (int i = 0; i < sound.length(); i++) {
      crumbs.append(other.whole(new Delta.Text(sound.substring(i, i + 1))).text());
    }
    assertThat(crumbs.toString()).isEqualTo(sound);
  }

  private String text(String text) {
    return whole.whole(new Delta.Text(text)).text();
  }
}
