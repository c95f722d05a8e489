package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;

/** The request header a server wants its key in. */
public enum KeyHeader {
  /** {@code Authorization: Bearer KEY}. */
  AUTHORIZATION("authorization", "Bearer "),
  /** {@code x-api-key: KEY}: Anthropic and what imitates it. */
  X_API_KEY("x-api-key", ""),
  /** {@code x-goog-api-key: KEY}: Gemini. */
  X_GOOG_API_KEY("x-goog-api-key", "");

  private final String word;
  private final String before;

  KeyHeader(String word, String before) {
    this.word = word;
    this.before = before;
  }

  /** The header's name, lower case. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The header's value: the key in clear. */
  public String carrying(Secret key) {
    return before + key.reveal();
  }
}
