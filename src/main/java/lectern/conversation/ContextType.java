package lectern.conversation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a question can quote. */
public enum ContextType {
  MEDIA,
  HIGHLIGHT,
  ANNOTATION,
  MESSAGE,
  CONVERSATION;

  /** The word for it in SQL, JSON and on screen. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
