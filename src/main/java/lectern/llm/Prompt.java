package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything a model is shown, rendered and ready to send.
 *
 * @param version the label of the rendering, stored with the answer
 * @param system the whole system text, the rendered passages included
 * @param passages the same passages as data, in their order, for a provider that does not read
 *     prose
 * @param turns the conversation from old to new; the last one is the reader's question
 */
public record Prompt(String version, String system, List<Passage> passages, List<Turn> turns) {
  public Prompt {
    passages = List.copyOf(passages);
    turns = List.copyOf(turns);
    if (turns.isEmpty() || turns.getLast().role() != Role.USER) {
      throw new IllegalArgumentException("a prompt ends with a turn of the user");
    }
  }

  /** The reader's question, which is the last turn. */
  public String question() {
    return turns.getLast().text();
  }

  /**
   * The turns as stricter providers take them: none without words, and the first is the reader's.
   */
  List<Turn> spoken() {
    return turns.stream()
        .filter(turn -> !turn.text().isBlank())
        .dropWhile(turn -> turn.role() != Role.USER)
        .toList();
  }

  /** How long it is, in UTF-16 units. */
  int characters() {
    return system.length() + turns.stream().mapToInt(turn -> turn.text().length()).sum();
  }

  /** Lengths only: what a prompt says is never shown by accident. */
  @Override
  public String toString() {
    return "Prompt[version=%s, system=%d, passages=%d, turns=%d]"
        .formatted(version, system.length(), passages.size(), turns.size());
  }

  /**
   * A text the reader quoted.
   *
   * @param source the title of what it was taken from, one line
   * @param url where that can be found, or null
   * @param text the text itself, as it stands in the source
   */
  public record Passage(String source, @Nullable String url, String text) {
    @Override
    public String toString() {
      return "Passage[text=%d]".formatted(text.length());
    }
  }

  /** One message of the conversation. */
  public record Turn(Role role, String text) {
    @Override
    public String toString() {
      return "Turn[%s, text=%d]".formatted(role, text.length());
    }
  }

  /** Who said it; the system's words have their own place in the prompt. */
  public enum Role {
    USER,
    ASSISTANT;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
