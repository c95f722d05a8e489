package lectern.keys;

import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.Secret;

/** What a key looks like, whoever gave it out: their prefixes change too often to be checked. */
final class KeyFormat {
  private static final int LEAST = 20;
  private static final int SHOWN = 4;

  private KeyFormat() {}

  /** The key without the white space around it. */
  static Secret check(String typed) {
    if (typed.strip().length() < LEAST) {
      throw refusal("A key has at least " + LEAST + " characters; this one has fewer.");
    }
    return checkOwn(typed);
  }

  /** A key of somebody's own server, where a short word does. */
  static Secret checkOwn(String typed) {
    String key = typed.strip();
    if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw refusal("A key has no blanks, line breaks or letters beyond ASCII in it.");
    }
    return new Secret(key);
  }

  private static Refusal refusal(String sentence) {
    return new Refusal(Code.E_KEY_INVALID_FORMAT, sentence).with("field", "api_key");
  }

  /** Enough for its owner to know it again, and of a short key nothing. */
  static String fingerprint(Secret key) {
    String text = key.reveal();
    return text.length() < LEAST ? "****" : text.substring(text.length() - SHOWN);
  }
}
