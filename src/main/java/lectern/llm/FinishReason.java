package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why an answer ended, as it is stored with the message. */
public enum FinishReason {
  /** The model was done. */
  STOP,
  /** There was no room for more. */
  LENGTH,
  /** The provider or the model declined to say more. */
  CONTENT_FILTER,
  /** The reader stopped it. */
  CANCELLED,
  /** It failed. */
  ERROR;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
