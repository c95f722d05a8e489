package lectern.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
  private static final Logger log = LoggerFactory.getLogger(LogLinesTest.class);

  @Test
  void a_line_is_one_object_whatever_the_text() {
    String line = new JsonLines().line(event("two\nlines \"quoted\" \u2028", "n", 3));
    assertThat(line).doesNotContain("\n");
    JsonObject json = new JsonObject(line);
    assertThat(json.fieldNames()).containsExactly("time", "level", "logger", "event", "n");
    assertThat(json.getString("event")).isEqualTo("two\nlines \"quoted\" \u2028");
    assertThat(json.getInteger("n")).isEqualTo(3);
    assertThat(json.getInstant("time")).isNotNull();
  }

  @Test
  void a_text_line_cannot_be_broken_by_what_it_tells() {
    String line = new TextLines().line(event("a\n00:00 ERROR b", "name", "c\nd"));
    assertThat(line).doesNotContain("\n").endsWith("INFO  a 00:00 ERROR b  name=c d");
  }

  @ParameterizedTest
  @CsvSource({
    "prompt, true",
    "Authorization, true",
    "provider_api_key, true",
    "api_key_length, false",
    "prompt_sha256, false",
    "message_chars, false",
    "tokens_input, false",
    "provider, false",
    "key_mode, false"
  })
  void names_that_promise_secrets_are_known(String name, boolean forbidden) {
    assertThat(LogFields.isForbidden(name)).isEqualTo(forbidden);
  }

  @Test
  void a_value_under_a_forbidden_name_is_withheld_and_its_name_told() {
    JsonObject json = new JsonObject(new JsonLines().line(event("send", "prompt", "the words")));
    assertThat(json.encode()).doesNotContain("the words");
    assertThat(json.getJsonArray("withheld")).containsExactly("prompt");
    assertThat(new TextLines().line(event("send", "prompt", "the words")))
        .endsWith("send  withheld=[prompt]");
  }

  @Test
  void an_exception_comes_with_its_trace() {
    LoggingEvent event = event("failed", "n", 1);
    event.setThrowableProxy(
        new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("why")));
    assertThat(new JsonObject(new JsonLines().line(event)).getString("exception"))
        .startsWith("java.lang.IllegalStateException: why")
        .contains("LogLinesTest.java");
  }

  @Test
  void a_line_says_whose_work_it_was() throws Exception {
    Scope.register();
    Vertx vertx = Vertx.vertx();
    try (TestingLog told = new TestingLog()) {
      vertx
          .getOrCreateContext()
          .<String>executeBlocking(
              () -> {
                new Scope("req-1", "user-1").enter();
                log.atInfo().addKeyValue("n", 1).log("worked");
                return "";
              })
          .toCompletionStage()
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
      log.info("idle");

      JsonObject worked = told.lines("worked").getFirst();
      assertThat(worked.getString("request_id")).isEqualTo("req-1");
      assertThat(worked.getString("user_id")).isEqualTo("user-1");
      assertThat(told.lines("idle").getFirst().containsKey("request_id")).isFalse();
      told.assertSaysNothingOf("sk-");
      assertThatThrownBy(() -> told.assertSaysNothingOf("req-1"))
          .isInstanceOf(AssertionError.class);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void metrics_are_prometheus_text() {
    try (Metrics metrics = new Metrics()) {
      metrics.registry().counter("lectern_sends_total").increment();
      assertThat(metrics.text()).contains("lectern_sends_total 1.0", "jvm_memory_used_bytes");
    }
  }

  private static LoggingEvent event(String message, String key, Object value) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LoggingEvent event =
        new LoggingEvent("here", context.getLogger("lectern"), Level.INFO, message, null, null);
    event.setKeyValuePairs(List.of(new KeyValuePair(key, value)));
    return event;
  }
}
