package lectern.identity;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/** What somebody who registers says, checked and in the form it is kept in. */
record NewAccount(String email, String password, @Nullable String name) {
  /**
   * Against guessing, length is what counts, so there is no rule about kinds of characters. Ten is
   * what holds with Argon2id and throttling.
   */
  static final int PASSWORD_LEAST = 10;

  /** Long enough for any sentence; longer ones would only be work for the server. */
  static final int PASSWORD_MOST = 1024;

  private static final int EMAIL_MOST = 254;
  private static final int NAME_MOST = 100;

  /** Whether mail arrives is the only real test; this finds slips of the finger. */
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}.]+(\\.[^\\s@\\p{Cntrl}.]+)*");

  static NewAccount of(IdentityAddresses.Register asked) {
    return new NewAccount(
        checkedEmail(asked.email()), checkedPassword(asked.password()), checkedName(asked.name()));
  }

  /** One spelling for everything that people take for the same address. */
  static String normalisedEmail(String email) {
    return Normalizer.normalize(email.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  /** One spelling for what different keyboards send for the same characters. */
  static String normalisedPassword(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFKC);
  }

  private static String checkedEmail(String email) {
    String normalised = normalisedEmail(email);
    if (normalised.length() > EMAIL_MOST || !EMAIL.matcher(normalised).matches()) {
      throw refusal("email", "That is not an e-mail address.");
    }
    return normalised;
  }

  private static String checkedPassword(String password) {
    int length = password.codePointCount(0, password.length());
    if (length < PASSWORD_LEAST) {
      throw refusal("password", "A password needs at least " + PASSWORD_LEAST + " characters.");
    }
    if (length > PASSWORD_MOST) {
      throw refusal("password", "A password has at most " + PASSWORD_MOST + " characters.");
    }
    return normalisedPassword(password);
  }

  private static @Nullable String checkedName(@Nullable String name) {
    if (name == null || name.isBlank()) {
      return null;
    }
    String stripped = name.strip();
    if (stripped.codePointCount(0, stripped.length()) > NAME_MOST) {
      throw refusal("name", "A name has at most " + NAME_MOST + " characters.");
    }
    return stripped;
  }

  private static Refusal refusal(String field, String sentence) {
    return new Refusal(Code.E_INVALID_REQUEST, sentence).with("field", field);
  }

  @Override
  public String toString() {
    return "NewAccount";
  }
}
