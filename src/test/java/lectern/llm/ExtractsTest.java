package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractsTest {
  private static final String OPTICS =
      "Light travels in waves. Newton held that it was made of particles.\n"
          + "Glass bends a ray because light is slower in it. Bread is baked from flour.";

  @Test
  void the_sentences_that_share_words_with_the_question_are_quoted_with_their_source() {
    assertThat(answer("Why is light slower in glass?", passage("Optics", OPTICS)))
        .isEqualTo(
            """
            From the quoted text:

            > Glass bends a ray because light is slower in it.
            >
            > — Optics
            """);
  }

  @Test
  void a_rare_word_weighs_more_than_a_common_one() {
    assertThat(answer("light and Newton", passage("Optics", OPTICS)))
        .contains("> Newton held that it was made of particles.")
        .doesNotContain("Bread");
  }

  @Test
  void other_forms_of_a_word_are_the_same_word() {
    assertThat(answer("baking", passage("Optics", OPTICS)))
        .contains("> Bread is baked from flour.");
    assertThat(answer("particle?", passage("Optics", OPTICS))).contains("> Newton held");
  }

  @Test
  void each_source_is_named_once_below_its_sentences_in_the_order_of_the_text() {
    String answer =
        answer(
            "waves", passage("One", "Waves rise. Waves fall."), passage("Two", "Sound is waves."));
    assertThat(answer)
        .isEqualTo(
            """
            From the quoted text:

            > Waves rise.
            >
            > Waves fall.
            >
            > — One

            > Sound is waves.
            >
            > — Two
            """);
  }

  @Test
  void a_sentence_given_twice_is_quoted_once() {
    String answer = answer("waves", passage("One", "Waves rise."), passage("Two", "Waves rise."));
    assertThat(answer).containsOnlyOnce("Waves rise.");
  }

  @Test
  void text_without_blanks_between_words_is_searched_too() {
    assertThat(answer("光的速度", passage("光学", "天气很好。光的速度很快。")))
        .contains("> 光的速度很快。")
        .doesNotContain("天气");
  }

  @Test
  void it_says_plainly_when_nothing_bears_on_the_question() {
    assertThat(answer("Who wrote Hamlet?", passage("Optics", OPTICS)))
        .startsWith("Nothing in the quoted passage bears on the question")
        .doesNotContain(">");
  }

  @Test
  void it_says_plainly_when_there_is_nothing_to_quote_from() {
    assertThat(answer("Why is light slower in glass?"))
        .startsWith("There is nothing to quote from.")
        .doesNotContain(">");
  }

  @Test
  void it_says_plainly_when_the_question_names_nothing() {
    assertThat(answer("What is this about?", passage("Optics", OPTICS)))
        .startsWith("The question has no word to look for.");
  }

  @Test
  void markup_in_a_source_stands_for_itself() {
    assertThat(answer("markup", passage("*A* [b]", "1. markup <b>is</b> `code`")))
        .contains("\n> 1\\. markup \\<b\\>is\\</b\\> \\`code\\`\n")
        .contains("> — \\*A\\* \\[b\\]\n");
  }

  @Test
  void a_text_without_full_stops_is_quoted_in_pieces_of_a_bounded_length() {
    String answer =
        answer("needle", passage("Hay", "hay ".repeat(5000) + "needle " + "hay ".repeat(5000)));
    assertThat(answer).contains("needle").hasSizeLessThan(700);
  }

  @Test
  void every_quote_is_in_the_passage_word_for_word() {
    String answer = answer("light waves particles glass", passage("Optics", OPTICS));
    assertThat(answer.lines().filter(line -> line.startsWith("> ") && !line.startsWith("> —")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(OPTICS).contains(line.substring(2)));
  }

  private static Prompt.Passage passage(String source, String text) {
    return new Prompt.Passage(source, null, text);
  }

  private static String answer(String question, Prompt.Passage... passages) {
    return String.join(
        "",
        Extracts.answer(
            new Prompt(
                "v1",
                "",
                List.of(passages),
                List.of(new Prompt.Turn(Prompt.Role.USER, question)))));
  }
}
