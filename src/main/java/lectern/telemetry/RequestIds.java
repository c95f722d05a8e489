package lectern.telemetry;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request ids: a caller's own where it is harmless, else a new one. */
public final class RequestIds {
  public static final String HEADER = "X-Request-Id";
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private RequestIds() {}

  /** The id given, or a new one where there is none or it could do harm in a log. */
  public static String of(@Nullable String given) {
    if (given == null || !HARMLESS.matcher(given).matches()) {
      return UUID.randomUUID().toString();
    }
    return UUID_FORM.matcher(given).matches() ? given.toLowerCase(Locale.ROOT) : given;
  }
}
