package lectern.llm;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/**
 * A provider key. It crosses the bus in clear, because the node that calls the provider needs it,
 * but never shows itself in a log line, an exception or a debugger's list of fields printed as
 * text.
 */
public final class Secret {
  /** Servers that need no key are given words such as {@code ollama}, which names may contain. */
  private static final int LEAST = 10;

  private final String value;

  /** Keys travel in a header, so they are visible ASCII without blanks. */
  @JsonCreator
  public Secret(String value) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("a key is visible ASCII characters without blanks");
    }
    this.value = value;
  }

  /** The key itself, for the one header that carries it. */
  @JsonValue
  public String reveal() {
    return value;
  }

  /** Whether a text repeats it; of what is too short to be a secret that is never so. */
  boolean isIn(String text) {
    return value.length() >= LEAST && text.contains(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(value);
  }

  @Override
  public String toString() {
    return "****";
  }
}
