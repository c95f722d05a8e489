package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTextTest {
  private static final int LENGTH = 1_000_000;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** Some take quadratic time in the parser, the others are here to stay quick. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "![",
        "[a](",
        "[a](<b",
        "*a _b ",
        "a**b",
        "*a_b~~c",
        "<a ",
        "<!-- ",
        "a<![CDATA[",
        "a<!A ",
        "<a:",
        "[a",
        "&a",
        "`a``b```c",
        "\\",
        "a\n-\n",
        "[a]: u \"x\n",
        "> ",
        "- ",
        "x\n",
        "1. ",
        "|\n",
        "> x\n",
        "<div\n",
        "[^a]: "
      })
  void no_marks_take_longer_than_a_document_may(String marks) {
    String hostile = "|a".repeat(300) + "|\n" + "|-".repeat(300) + "|\n" + repeated(marks);

    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(15), () -> readOrLeft(hostile));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(15), () -> readOrLeft(repeated(marks) + "\n\n" + "\n".repeat(LENGTH)));
  }

  private static String repeated(String marks) {
    return marks.repeat(LENGTH / marks.length());
  }

  private static void readOrLeft(String text) {
    try {
      assertThat(MarkdownText.html(text, new Progress(PATIENCE))).isNotNull();
    } catch (Unreadable | StackOverflowError known) {
      assertThat(known).isNotNull();
    }
  }

  @Test
  void a_paragraph_of_book_length_keeps_its_words_and_leaves_its_marks_as_they_are_written() {
    String html = MarkdownText.html("*word* ".repeat(10_000), Progress.unwatched());

    assertThat(html).startsWith("<p>*word* *word*").doesNotContain("<em>");
    assertThat(MarkdownText.html("*word* ".repeat(1_000), Progress.unwatched())).contains("<em>");
  }

  @Test
  void a_table_is_one_unless_it_would_be_mostly_filled_up() {
    String head = "|a|b|\n|-|-|\n";
    assertThat(MarkdownText.html(head + "|1|2|\n".repeat(1_000), Progress.unwatched()))
        .contains("<table>");

    String wide = "|a".repeat(1_000) + "|\n" + "|-".repeat(1_000) + "|\n";
    assertThat(MarkdownText.html(wide + "|x\n".repeat(1_000), Progress.unwatched()))
        .doesNotContain("<table>");
  }

  @Test
  void quotes_in_quotes_without_end_are_refused() {
    assertThat(MarkdownText.html("> ".repeat(50) + "x", Progress.unwatched())).contains("x");
    assertThatThrownBy(() -> MarkdownText.html("> ".repeat(500) + "x", Progress.unwatched()))
        .hasMessageContaining("nested too deeply");
    assertThat(
            MarkdownText.html(
                "-".repeat(500) + "\n\n* * *" + " *".repeat(500), Progress.unwatched()))
        .contains("<hr");
  }
}
