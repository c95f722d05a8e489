package lectern.keys;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a provider took a key. */
public enum TestResult {
  WORKS,
  REJECTED,
  /** It did not say: out of reach, out of breath, or not for this question. */
  UNPROVEN;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
