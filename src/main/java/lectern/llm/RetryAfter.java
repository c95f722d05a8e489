package lectern.llm;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How long a provider's headers ask to be left alone. */
final class RetryAfter {
  /** Nobody means to be left alone for longer; a larger number is a mistake. */
  private static final Duration MOST = Duration.ofDays(1);

  private RetryAfter() {}

  /**
   * From {@code retry-after-ms}, else {@code retry-after} in seconds or as a date; null when
   * neither is sound.
   */
  static @Nullable Duration in(MultiMap headers, Instant now) {
    String millis = headers.get("retry-after-ms");
    String other = headers.get("retry-after");
    try {
      if (millis != null) {
        return bounded(Duration.ofMillis((long) Double.parseDouble(millis)));
      }
      return other == null ? null : bounded(wait(other.strip(), now));
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  private static Duration wait(String value, Instant now) {
    return Character.isDigit(value.isEmpty() ? ' ' : value.charAt(0))
        ? Duration.ofMillis((long) (Double.parseDouble(value) * 1000))
        : Duration.between(
            now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
