package lectern.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lectern.llm.LlmFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerStreamTest {
  private static final Event STOPPED = new Event.Finished(FinishReason.STOP);

  // What holds for every dialect

  @ParameterizedTest
  @EnumSource(TestingTongue.class)
  void an_answer_is_read_the_same_wherever_its_bytes_are_cut(TestingTongue tongue) {
    byte[] answer = thoughtful(tongue);
    List<Event> whole = read(tongue.dialect(), answer);
    assertThat(text(whole)).isEqualTo("Licht: 👋 smörgås 光");
    assertThat(joined(whole, Delta.Reasoning.class)).isEqualTo("Hm.");
    assertThat(whole).contains(TestingTongue.COUNTED).endsWith(STOPPED);
    assertThat(whole.getFirst())
        .isEqualTo(new Event.Started(TestingTongue.ID, TestingTongue.MODEL));
    for (int cut = 1; cut < answer.length; cut++) {
      assertThat(
              read(
                  tongue.dialect(),
                  Arrays.copyOfRange(answer, 0, cut),
                  Arrays.copyOfRange(answer, cut, answer.length)))
          .as("cut at byte %d", cut)
          .isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @EnumSource(TestingTongue.class)
  void an_answer_cut_off_at_any_byte_is_never_finished(TestingTongue tongue) {
    byte[] answer = thoughtful(tongue);
    int whole = lastEvent(answer, tongue);
    for (int cut = 0; cut < whole; cut++) {
      List<Event> events = read(tongue.dialect(), Arrays.copyOfRange(answer, 0, cut));
      assertThat(failure(events).kind()).as("cut at byte %d", cut).isEqualTo(Kind.INTERRUPTED);
      assertThat("Licht: 👋 smörgås 光").as("cut at byte %d", cut).startsWith(text(events));
    }
  }

  private static byte[] thoughtful(TestingTongue tongue) {
    String answer =
        tongue.start()
            + tongue.reasoning("Hm.")
            + tongue.text("Licht: ")
            + tongue.text("👋 smör")
            + tongue.text("gås 光")
            + tongue.end(FinishReason.STOP);
    return answer.getBytes(UTF_8);
  }

  /** From where on only blanks and line ends are missing. */
  private static int lastEvent(byte[] answer, TestingTongue tongue) {
    String text = new String(answer, UTF_8);
    int last = tongue == TestingTongue.CONTENT ? text.length() : text.stripTrailing().length();
    return text.substring(0, last).stripTrailing().getBytes(UTF_8).length;
  }

  @ParameterizedTest
  @EnumSource(TestingTongue.class)
  void halves_of_a_character_in_two_pieces_are_put_together(TestingTongue tongue) {
    String halves = tongue.text("\\ud83d") + tongue.text("\\udc4b!");
    String answer = tongue.start() + halves.replace("\\\\u", "\\u") + tongue.end(FinishReason.STOP);
    List<Event> events = read(tongue.dialect(), answer.getBytes(UTF_8));
    WholeText whole = new WholeText();
    String text =
        events.stream()
            .filter(Delta.class::isInstance)
            .map(delta -> whole.whole((Delta) delta).text())
            .collect(Collectors.joining());
    assertThat(text).isEqualTo("👋!");
  }

  @ParameterizedTest
  @EnumSource(TestingTongue.class)
  void an_error_without_its_field_name_and_over_several_lines_is_an_error(TestingTongue tongue) {
    String answer =
        tongue.start()
            + tongue.text("Hel")
            + "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"busy\",\n"
            + "    \"status\": \"UNAVAILABLE\"\n  }\n}\n";
    List<Event> events = read(tongue.dialect(), answer.getBytes(UTF_8));
    assertThat(failure(events).kind()).isEqualTo(Kind.OVERLOADED);
    assertThat(failure(events).reason()).isEqualTo("UNAVAILABLE");
    assertThat(text(events)).isEqualTo("Hel");
  }

  // Chat Completions

  @Test
  void thinking_between_tags_is_reasoning_however_it_is_cut() {
    String said = "\n<think>\nIs 1 < 2? </th..ink> yes.</think>\n\nYes: <think> is a tag.";
    for (int cut = 0; cut <= said.length(); cut++) {
      for (int next = cut; next <= said.length(); next += 5) {
        List<Event> events =
            readChat(said.substring(0, cut), said.substring(cut, next), said.substring(next));
        assertThat(joined(events, Delta.Reasoning.class))
            .as("cut at %d and %d", cut, next)
            .isEqualTo("\nIs 1 < 2? </th..ink> yes.");
        assertThat(text(events)).isEqualTo("Yes: <think> is a tag.");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<thin, <thin, ''",
    "  <, '  <', ''",
    "<think>never closed </th, '', never closed </th",
    "Hello <think>, Hello <think>, ''"
  })
  void tags_that_are_none_are_text(String said, String text, String reasoning) {
    List<Event> events = readChat(said);
    assertThat(text(events)).isEqualTo(text.isEmpty() ? "" : said);
    assertThat(joined(events, Delta.Reasoning.class)).isEqualTo(reasoning);
  }

  private static List<Event> readChat(String... pieces) {
    return read(Dialect.OPENAI_COMPATIBLE, TestingTongue.COMPATIBLE.answer(pieces).getBytes(UTF_8));
  }

  @Test
  void what_a_proxy_says_it_charged_is_kept() {
    List<Event> events =
        read(
            Dialect.OPENAI_COMPATIBLE,
            """
            data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"cost":0.0012345}}

            data: [DONE]

            """
                .getBytes(UTF_8));
    assertThat(events).contains(new Usage(3, 0, 0, 2, 0, 1234L));
  }

  // Responses

  @Test
  void commentary_is_no_part_of_the_answer_and_a_second_message_is_a_paragraph() {
    List<Event> events = sample(Dialect.OPENAI_RESPONSES, "responses-commentary.sse");
    assertThat(joined(events, Delta.Reasoning.class)).isEqualTo("I will look.Weighing.\n\nDone.");
    assertThat(text(events)).isEqualTo("First.\n\nSecond.");
    assertThat(events).endsWith(STOPPED);
  }

  @Test
  void a_quota_told_after_the_beginning_is_out_of_money() {
    List<Event> events = sample(Dialect.OPENAI_RESPONSES, "responses-quota.sse");
    assertThat(events.getFirst()).isEqualTo(new Event.Started("resp_1", "gpt-test"));
    assertThat(failure(events).kind()).isEqualTo(Kind.OUT_OF_MONEY);
    assertThat(events).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"x\"}', RATE_LIMIT",
    "'{\"type\":\"error\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}', OVERLOADED",
    "'{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"invalid_prompt\"}}}', REFUSED",
    "'{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\"}}}', OVERLOADED"
  })
  void both_shapes_of_an_error_and_a_failed_response_have_their_class(String data, Kind kind) {
    List<Event> events = read(Dialect.OPENAI_RESPONSES, ("data: " + data + "\n\n").getBytes(UTF_8));
    assertThat(failure(events).kind()).isEqualTo(kind);
  }

  @Test
  void a_refusal_is_told_apart_and_ends_as_filtered() {
    String answer =
        TestingTongue.RESPONSES.start()
            + "data: {\"type\":\"response.refusal.delta\",\"delta\":\"I cannot.\"}\n\n"
            + TestingTongue.RESPONSES.end(FinishReason.STOP);
    List<Event> events = read(Dialect.OPENAI_RESPONSES, answer.getBytes(UTF_8));
    assertThat(joined(events, Delta.Refusal.class)).isEqualTo("I cannot.");
    assertThat(events).endsWith(new Event.Finished(FinishReason.CONTENT_FILTER));
  }

  // Messages

  @Test
  void counts_of_messages_are_cumulative_and_the_cache_is_part_of_the_input() {
    List<Event> events = sample(Dialect.ANTHROPIC, "messages-thinking.sse");
    assertThat(joined(events, Delta.Reasoning.class)).isEqualTo("Let me see.");
    assertThat(text(events)).isEqualTo("391 is 17 × 23.");
    assertThat(events).contains(new Usage(61 + 20 + 7, 20, 7, 13, 5, null)).endsWith(STOPPED);
  }

  @Test
  void a_refusal_without_a_word_says_why_and_ends_as_filtered() {
    List<Event> events = sample(Dialect.ANTHROPIC, "messages-refusal.sse");
    assertThat(joined(events, Delta.Refusal.class)).isEqualTo("This was blocked.");
    assertThat(text(events)).isEmpty();
    assertThat(events).endsWith(new Event.Finished(FinishReason.CONTENT_FILTER));
  }

  @Test
  void an_answer_begun_again_before_its_first_word_is_the_second_one() {
    List<Event> events = sample(Dialect.ANTHROPIC, "messages-begun-again.sse");
    assertThat(text(events)).isEqualTo("Second.");
    assertThat(events).endsWith(STOPPED);
    assertThat(events.stream().filter(Event.Started.class::isInstance)).hasSize(1);
  }

  @Test
  void an_answer_begun_again_after_its_first_word_has_broken_off() {
    String again = TestingTongue.MESSAGES.answer("Hello");
    String other = again.replace(TestingTongue.ID, "answer-8");
    String start = TestingTongue.MESSAGES.start() + TestingTongue.MESSAGES.text("Hel");
    for (String rest : List.of(again, other)) {
      List<Event> events = read(Dialect.ANTHROPIC, (start + rest).getBytes(UTF_8));
      assertThat(failure(events).kind()).isEqualTo(Kind.INTERRUPTED);
      assertThat(text(events)).isEqualTo("Hel");
    }
  }

  // streamGenerateContent

  @Test
  void thoughts_of_gemini_are_counted_as_output_and_the_last_count_holds() {
    List<Event> events = sample(Dialect.GEMINI, "content-thoughts.sse");
    assertThat(joined(events, Delta.Reasoning.class)).isEqualTo("**Counting**");
    assertThat(text(events)).isEqualTo("There are **3**.");
    assertThat(events).contains(new Usage(9, 2, 208, 185)).endsWith(STOPPED);
  }

  @Test
  void a_blocked_prompt_is_refused_with_its_reason() {
    List<Event> events =
        read(
            Dialect.GEMINI,
            "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}\n\n"
                .getBytes(UTF_8));
    assertThat(failure(events).kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure(events).reason()).isEqualTo("PROHIBITED_CONTENT");
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, STOP",
    "MAX_TOKENS, LENGTH",
    "SAFETY, CONTENT_FILTER",
    "RECITATION, CONTENT_FILTER",
    "BLOCKLIST, CONTENT_FILTER",
    "PROHIBITED_CONTENT, CONTENT_FILTER",
    "SPII, CONTENT_FILTER",
    "LANGUAGE, STOP",
    "OTHER, STOP",
    "SOMETHING_NEW, STOP",
    "CONTINUATION, LENGTH"
  })
  void every_reason_of_gemini_to_finish_is_one_of_ours(String said, FinishReason reason) {
    String chunk =
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"%s\"}]}\n\n";
    List<Event> events = read(Dialect.GEMINI, chunk.formatted(said).getBytes(UTF_8));
    assertThat(events).endsWith(new Event.Finished(reason));
  }

  // Interactions

  @ParameterizedTest
  @CsvSource({"failed, OVERLOADED", "budget_exceeded, OUT_OF_MONEY", "cancelled, INTERRUPTED"})
  void an_interaction_that_did_not_complete_has_failed(String status, Kind kind) {
    String event =
        "data: {\"event_type\":\"interaction.completed\",\"interaction\":{\"status\":\"%s\"}}\n\n";
    List<Event> events = read(Dialect.GEMINI_INTERACTIONS, event.formatted(status).getBytes(UTF_8));
    assertThat(failure(events).kind()).isEqualTo(kind);
  }

  // Reading

  private static List<Event> sample(Dialect dialect, String name) {
    return read(dialect, Wire.sample(name));
  }

  /** What is said up to the first end. */
  private static List<Event> read(Dialect dialect, byte[]... chunks) {
    List<Event> events = new ArrayList<>();
    Consumer<Event> heard =
        event -> {
          if (!isOver(events)) {
            events.add(event);
          }
        };
    AnswerStream stream = Adapter.of(dialect).stream(null, heard);
    SseDecoder decoder = new SseDecoder();
    for (byte[] chunk : chunks) {
      decoder.feed(chunk, stream::read);
    }
    decoder.end().ifPresent(stream::read);
    stream.end();
    return events;
  }

  private static boolean isOver(List<Event> events) {
    return !events.isEmpty()
        && (events.getLast() instanceof Event.Finished || events.getLast() instanceof Event.Failed);
  }

  private static LlmFailure failure(List<Event> events) {
    assertThat(events.getLast()).isInstanceOf(Event.Failed.class);
    return ((Event.Failed) events.getLast()).failure();
  }

  private static String text(List<Event> events) {
    return joined(events, Delta.Text.class);
  }

  private static String joined(List<Event> events, Class<? extends Delta> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(event -> ((Delta) event).text())
        .collect(Collectors.joining());
  }
}
