package lectern.llm;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long a provider's headers ask to be left alone: the longest of what they say. A limit's reset
 * says something only when nothing is left of that limit.
 */
final class RetryAfter {
  /** Nobody means to be left alone for longer; a larger number is a mistake. */
  private static final Duration MOST = Duration.ofDays(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  /** As OpenAI writes a time: {@code 6m0s}, {@code 1.5s}, {@code 20ms}. */
  private static final Pattern UNITS =
      Pattern.compile(
          "(?:([0-9]{1,4})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9}(?:\\.[0-9]{1,9})?)s)?(?:([0-9]{1,9})ms)?");

  private RetryAfter() {}

  /** Null when no header says anything sound. */
  static @Nullable Duration in(MultiMap headers, Instant now) {
    return Stream.of(
            seconds(headers.get("retry-after-ms"), 1),
            after(headers.get("retry-after"), now),
            openAi(headers, "requests"),
            openAi(headers, "tokens"),
            anthropic(headers, "requests", now),
            anthropic(headers, "tokens", now),
            anthropic(headers, "input-tokens", now),
            anthropic(headers, "output-tokens", now))
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private static @Nullable Duration after(@Nullable String value, Instant now) {
    Duration seconds = seconds(value, 1000);
    return seconds == null ? until(value, DateTimeFormatter.RFC_1123_DATE_TIME, now) : seconds;
  }

  private static @Nullable Duration openAi(MultiMap headers, String limit) {
    String reset = headers.get("x-ratelimit-reset-" + limit);
    boolean spent = "0".equals(headers.get("x-ratelimit-remaining-" + limit));
    return spent && reset != null ? units(reset.strip()) : null;
  }

  private static @Nullable Duration anthropic(MultiMap headers, String limit, Instant now) {
    String name = "anthropic-ratelimit-" + limit;
    boolean spent = "0".equals(headers.get(name + "-remaining"));
    return spent ? until(headers.get(name + "-reset"), DateTimeFormatter.ISO_DATE_TIME, now) : null;
  }

  private static @Nullable Duration seconds(@Nullable String value, int millis) {
    return value != null && SECONDS.matcher(value.strip()).matches()
        ? bounded(Duration.ofMillis((long) (Double.parseDouble(value.strip()) * millis)))
        : null;
  }

  private static @Nullable Duration until(
      @Nullable String value, DateTimeFormatter format, Instant now) {
    try {
      return value == null
          ? null
          : bounded(Duration.between(now, ZonedDateTime.parse(value.strip(), format).toInstant()));
    } catch (DateTimeException noDate) {
      return null;
    }
  }

  private static @Nullable Duration units(String value) {
    Matcher units = UNITS.matcher(value);
    if (value.isEmpty() || !units.matches()) {
      return null;
    }
    double millis =
        number(units.group(1)) * 3_600_000
            + number(units.group(2)) * 60_000
            + number(units.group(3)) * 1000
            + number(units.group(4));
    return bounded(Duration.ofMillis((long) millis));
  }

  private static double number(@Nullable String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }

  /** The longer of two waits, where null is none. */
  static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) > 0 ? one : other;
  }
}
