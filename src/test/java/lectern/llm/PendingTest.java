package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingTest {
  private final Pending pending = new Pending();

  @Test
  void neighbours_of_one_kind_become_one_and_the_order_stays() {
    pending.add(new Delta.Reasoning("h"));
    pending.add(new Delta.Reasoning("m"));
    pending.add(new Delta.Text("a"));
    pending.add(new Delta.Text("b"));
    pending.add(new Delta.Reasoning("!"));
    assertThat(pending.take())
        .containsExactly(new Delta.Reasoning("hm"), new Delta.Text("ab"), new Delta.Reasoning("!"));
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.take()).isEmpty();
  }

  @Test
  void it_is_full_past_its_bound_and_empty_again_once_taken() {
    pending.add(new Delta.Text("x".repeat(Pending.FULL)));
    assertThat(pending.isFull()).isFalse();
    pending.add(new Delta.Text("y"));
    assertThat(pending.isFull()).isTrue();
    pending.take();
    assertThat(pending.isFull()).isFalse();
  }
}
