package lectern.library;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a member of a library may do: an administrator changes it, a member reads. */
public enum Role {
  ADMIN,
  MEMBER;

  /** The word for it in SQL and JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
