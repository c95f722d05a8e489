package lectern.models;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whose key a reader wants used. */
public enum KeyMode {
  /** The reader's own if there is one, else the server's. */
  AUTO,
  BYOK_ONLY,
  PLATFORM_ONLY;

  public static KeyMode of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
