package lectern.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A further piece of an answer. The pieces of one kind, put one after the other, are the whole;
 * each is well-formed text that can be stored and sent by itself.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Delta.Text.class, name = "text"),
  @JsonSubTypes.Type(value = Delta.Reasoning.class, name = "reasoning"),
  @JsonSubTypes.Type(value = Delta.Refusal.class, name = "refusal")
})
public sealed interface Delta extends Event {

  String text();

  /** The same kind of piece with other text. */
  default Delta with(String other) {
    return switch (this) {
      case Text _ -> new Text(other);
      case Reasoning _ -> new Reasoning(other);
      case Refusal _ -> new Refusal(other);
    };
  }

  /** The answer itself. */
  record Text(String text) implements Delta {
    @Override
    public String toString() {
      return "Text[%d]".formatted(text.length());
    }
  }

  /** The model thinking aloud, which is not part of the answer. */
  record Reasoning(String text) implements Delta {
    @Override
    public String toString() {
      return "Reasoning[%d]".formatted(text.length());
    }
  }

  /** The model's reason for not answering. */
  record Refusal(String text) implements Delta {
    @Override
    public String toString() {
      return "Refusal[%d]".formatted(text.length());
    }
  }
}
