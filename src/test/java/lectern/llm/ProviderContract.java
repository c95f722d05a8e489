package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every provider owes whoever asks it, whatever its wire. */
abstract class ProviderContract {
  final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Awaited.of(vertx.close());
  }

  abstract Provider provider(Vertx there);

  /** A call whose answer is a text of several pieces. */
  abstract Call answered();

  Heard ask(Call call) {
    return Heard.ask(vertx, this::provider, call);
  }

  @Test
  void an_answer_comes_in_pieces_and_ends_once() {
    Heard heard = ask(answered());
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(heard.text()).isNotBlank();
    assertThat(heard.events().stream().filter(Delta.class::isInstance)).hasSizeGreaterThan(1);
    assertThat(ends(heard)).isEqualTo(1);
    assertThat(heard.events().getLast()).isInstanceOf(Event.Finished.class);
  }

  @Test
  void every_piece_is_well_formed_and_has_text() {
    Heard heard = ask(answered());
    heard.last();
    assertThat(heard.events().stream().filter(Delta.class::isInstance).map(Delta.class::cast))
        .allSatisfy(
            delta -> {
              assertThat(delta.text()).isNotEmpty();
              assertThat(new WholeText().whole(delta)).isEqualTo(delta);
            });
  }

  @Test
  void nothing_is_said_after_a_cancel() {
    Heard heard = ask(answered());
    List<Event> before = heard.act(Upstream::cancel).events().stream().toList();
    heard.act(Upstream::cancel).act(Upstream::pause).act(Upstream::resume);
    assertThat(heard.events()).isEqualTo(before);
  }

  @Test
  void a_paused_answer_goes_on_where_it_was() {
    Heard heard = ask(answered()).act(Upstream::pause).act(Upstream::resume);
    Heard other = ask(answered());
    other.last();
    heard.last();
    assertThat(heard.text()).isEqualTo(other.text());
  }

  static long ends(Heard heard) {
    return heard.events().stream()
        .filter(e -> e instanceof Event.Finished || e instanceof Event.Failed)
        .count();
  }
}
