package lectern.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client would like, by RFC 7240; what is not understood is not heeded. */
final class Preference {
  /** The longest a send waits for its turn in a conversation. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final Pattern WAIT =
      Pattern.compile(
          "(?:^|,)\\s*wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

  private Preference() {}

  /** How long a client would wait: what {@code wait} says, within bounds; zero without one. */
  static Duration wait(@Nullable String prefer) {
    Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
    if (!wait.find()) {
      return Duration.ZERO;
    }
    Duration wished = Duration.ofSeconds(Integer.parseInt(wait.group(1)));
    return wished.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wished;
  }
}
