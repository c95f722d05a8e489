package lectern.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, as the JSON lines an operator would keep. */
public final class TestingLog implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root;
  private final Level levelBefore;
  private final UnsynchronizedAppenderBase<ILoggingEvent> appender = new Appender();

  public TestingLog() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    levelBefore = root.getLevel();
    root.setLevel(Level.INFO);
    appender.setContext(context);
    appender.start();
    root.addAppender(appender);
  }

  public List<JsonObject> lines() {
    return lines.stream().map(JsonObject::new).toList();
  }

  public List<JsonObject> lines(String event) {
    return lines().stream().filter(line -> line.getString("event").equals(event)).toList();
  }

  /** Fails when any of the words was logged, or something under a forbidden name. */
  public void assertSaysNothingOf(String... words) {
    assertThat(String.join("\n", lines)).doesNotContain(words).doesNotContain("\"withheld\"");
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    root.setLevel(levelBefore);
  }

  private final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final JsonLines encoder = new JsonLines();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(encoder.line(event));
    }
  }
}
