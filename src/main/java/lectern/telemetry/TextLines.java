package lectern.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Lines for people at a terminal: local time, level, event, then the named values. */
final class TextLines extends LogEncoder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Override
  String line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(TIME.format(event.getInstant())).append(' ');
    line.append("%-5s".formatted(event.getLevel())).append(' ');
    line.append(oneLine(event.getFormattedMessage()));
    LogFields.of(event)
        .forEach(
            (name, value) ->
                line.append("  ").append(name).append('=').append(oneLine(String.valueOf(value))));
    if (event.getThrowableProxy() != null) {
      line.append('\n').append(trace(event).stripTrailing());
    }
    return line.toString();
  }

  /** So that nobody's text can pass for a line of its own. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
