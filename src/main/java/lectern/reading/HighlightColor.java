package lectern.reading;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The colours a passage can be marked in. */
public enum HighlightColor {
  YELLOW,
  GREEN,
  BLUE,
  PINK,
  PURPLE;

  /** The word for it in SQL and JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static HighlightColor of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
