package lectern.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "every-rule.sse",
        "answer.sse",
        "answer-crlf.sse",
        "reasoning.sse",
        "refusal.sse",
        "responses-commentary.sse",
        "responses-quota.sse",
        "messages-thinking.sse",
        "messages-refusal.sse",
        "messages-begun-again.sse",
        "content-thoughts.sse"
      })
  void a_stream_says_the_same_however_it_is_cut_in_two(String name) {
    byte[] stream = Wire.sample(name);
    List<SseEvent> whole = decoded(stream);
    assertThat(whole).isNotEmpty();
    for (int cut = 0; cut <= stream.length; cut++) {
      assertThat(
              decoded(
                  Arrays.copyOfRange(stream, 0, cut),
                  Arrays.copyOfRange(stream, cut, stream.length)))
          .as("cut at byte %d", cut)
          .isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void a_stream_says_the_same_in_crumbs(int size) {
    byte[] stream = Wire.sample("every-rule.sse");
    byte[][] crumbs = new byte[(stream.length + size - 1) / size][];
    for (int i = 0; i < crumbs.length; i++) {
      crumbs[i] = Arrays.copyOfRange(stream, i * size, Math.min(stream.length, (i + 1) * size));
    }
    assertThat(decoded(crumbs)).isEqualTo(decoded(stream));
  }

  @Property(tries = 300)
  void any_bytes_say_the_same_wherever_they_are_cut(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 200) int at) {
    int cut = Math.min(at, bytes.length);
    assertThat(
            decoded(
                Arrays.copyOfRange(bytes, 0, cut), Arrays.copyOfRange(bytes, cut, bytes.length)))
        .isEqualTo(decoded(bytes));
  }

  @Test
  void every_rule_of_the_format_holds() {
    assertThat(decoded(Wire.sample("every-rule.sse")))
        .containsExactly(
            new SseEvent("message", "after the mark"),
            new SseEvent("message", "one\n\n two"),
            new SseEvent("named", "no space"),
            new SseEvent("message", ""),
            new SseEvent("message", "carriage return"),
            new SseEvent("message", "both"),
            new SseEvent("message", "smörgås 👋🏽 colon: inside"));
  }

  @Test
  void lines_of_a_bare_object_are_one_event_of_their_own_at_the_blank_line_or_the_end() {
    String error = "{\n  \"error\": {\"code\": 503,\n    \"data: \": 1}\n}\n";
    byte[] bytes = ("data: a\n\n" + error + "\ndata: b\n\n[" + error).getBytes(UTF_8);
    assertThat(decoded(bytes))
        .containsExactly(
            new SseEvent("message", "a"),
            SseEvent.stray(error),
            new SseEvent("message", "b"),
            SseEvent.stray("[" + error));
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(
              decoded(
                  Arrays.copyOfRange(bytes, 0, cut), Arrays.copyOfRange(bytes, cut, bytes.length)))
          .isEqualTo(decoded(bytes));
    }
  }

  @Test
  void an_event_is_handed_on_with_the_carriage_return_that_ends_it() {
    assertThat(new Heard().feed("data: a\r\r").events)
        .containsExactly(new SseEvent("message", "a"));
  }

  @Test
  void a_line_feed_after_a_carriage_return_in_the_next_chunk_is_no_blank_line() {
    assertThat(new Heard().feed("data: a\r").feed("\ndata: b\r").feed("\n\r").feed("\n").events)
        .containsExactly(new SseEvent("message", "a\nb"));
  }

  @Test
  void bytes_that_are_not_utf_8_become_replacement_characters() {
    byte[] bytes = {'d', 'a', 't', 'a', ':', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '\n', '\n'};
    assertThat(decoded(bytes)).containsExactly(new SseEvent("message", "\uFFFD(\uFFFD"));
  }

  @Test
  void the_end_hands_on_what_lacked_its_blank_line_and_nothing_twice() {
    SseDecoder decoder = new SseDecoder();
    decoder.feed("data: [DONE]".getBytes(UTF_8), event -> {});
    assertThat(decoder.end()).contains(new SseEvent("message", "[DONE]"));
    assertThat(decoder.end()).isEmpty();
  }

  @Test
  void an_event_of_just_the_bound_is_read_and_one_byte_more_is_a_stated_failure() {
    String most = "data:" + "x".repeat(SseDecoder.EVENT_BYTES - 5);
    assertThat(decoded((most + "\n\n").getBytes(UTF_8)))
        .singleElement()
        .satisfies(event -> assertThat(event.data()).hasSize(SseDecoder.EVENT_BYTES - 5));
    assertThatThrownBy(() -> decoded((most + "x\n\n").getBytes(UTF_8)))
        .isInstanceOf(SseDecoder.TooLong.class);
  }

  @Test
  void lines_without_end_are_bounded_too() {
    SseDecoder decoder = new SseDecoder();
    byte[] lines = "data: y\n".repeat(1000).getBytes(UTF_8);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                decoder.feed(lines, event -> {});
              }
            })
        .isInstanceOf(SseDecoder.TooLong.class);
  }

  @Test
  void many_small_events_never_reach_the_bound() {
    byte[] events = "data: z\n\n".repeat(100_000).getBytes(UTF_8);
    assertThat(decoded(events)).hasSize(100_000);
  }

  private static List<SseEvent> decoded(byte[]... chunks) {
    Heard heard = new Heard();
    for (byte[] chunk : chunks) {
      heard.decoder.feed(chunk, heard.events::add);
    }
    heard.decoder.end().ifPresent(heard.events::add);
    return heard.events;
  }

  private static final class Heard {
    final SseDecoder decoder = new SseDecoder();
    final List<SseEvent> events = new ArrayList<>();

    Heard feed(String text) {
      decoder.feed(text.getBytes(UTF_8), events::add);
      return this;
    }
  }
}
