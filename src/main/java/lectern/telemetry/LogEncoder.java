package lectern.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/** Turns an event into a line of bytes. */
abstract class LogEncoder extends EncoderBase<ILoggingEvent> {
  /** Of a stack trace; what follows repeats itself. */
  private static final int TRACE_CHARS = 16_000;

  abstract String line(ILoggingEvent event);

  @Override
  public final byte[] encode(ILoggingEvent event) {
    return (line(event) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public final byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public final byte[] footerBytes() {
    return new byte[0];
  }

  static String trace(ILoggingEvent event) {
    String trace = ThrowableProxyUtil.asString(event.getThrowableProxy());
    return trace.length() <= TRACE_CHARS ? trace : trace.substring(0, TRACE_CHARS) + "...";
  }
}
