package lectern.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Where log lines go, and in what shape: standard output, as asked for. */
public final class Logging {
  /** Libraries that tell at INFO what is not news for who runs a Lectern. */
  private static final List<String> CHATTY =
      List.of("io.netty", "io.vertx", "org.flywaydb", "com.hazelcast", "com.goterl");

  private static final List<String> UNTOLD = List.of("org.apache.pdfbox", "org.apache.fontbox");

  private Logging() {}

  /** Replaces whatever was configured before. */
  public static void configure(LogLevel level, LogFormat format) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
    LogEncoder encoder = encoder(format);
    encoder.setContext(context);
    encoder.start();
    out.setContext(context);
    out.setEncoder(encoder);
    out.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level(level));
    root.addAppender(out);
    // Vert.x registers its gauge of pending bus messages twice, and Micrometer says so each time.
    context.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
    // It quotes what it stumbles over, and that is what somebody reads.
    UNTOLD.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
    if (level == LogLevel.INFO) {
      CHATTY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    }
  }

  private static LogEncoder encoder(LogFormat format) {
    return switch (format) {
      case JSON -> new JsonLines();
      case TEXT -> new TextLines();
      case AUTO -> onTerminal() ? new TextLines() : new JsonLines();
    };
  }

  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static Level level(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }
}
