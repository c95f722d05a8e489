package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of docs/provider-faults.md: each fault in every dialect that can have it. */
class ProviderFaultsTest {
  private static final Path PAGE = Path.of("docs/provider-faults.md");
  private static final FinishReason STOP = FinishReason.STOP;

  /** What a server plays for one question; nothing where the dialect cannot say such a thing. */
  private interface Playing extends Function<TestingTongue, List<Script>> {}

  private static final Map<String, Playing> FAULTS = new LinkedHashMap<>();

  static {
    // Refused with a status
    status("rate limit, with a time to wait", 429, ProviderFaultsTest::haste, "retry-after", "7");
    status("rate limit, in milliseconds", 429, ProviderFaultsTest::haste, "retry-after-ms", "1500");
    status("rate limit, without one", 429, ProviderFaultsTest::haste);
    status("no money, as 402", 402, tongue -> tongue.error(402, "billing_error", "Pay."));
    status("no money, as 400", 400, ProviderFaultsTest::emptyAccount);
    status("no money, as 429", 429, ProviderFaultsTest::spentQuota);
    status("bad key", 401, tongue -> tongue.error(401, "authentication_error", "Bad key."));
    status("bad key, as Gemini says it", 400, _ -> googleError(400, "API_KEY_INVALID", ""));
    status("unknown model", 404, tongue -> tongue.error(404, "not_found_error", "No model x."));
    status(
        "too much text",
        400,
        tongue -> tongue.error(400, "invalid_request_error", "prompt is too long: 9 tokens > 8"));
    status("bad request", 400, tongue -> tongue.error(400, "invalid_request_error", "No."));
    status("server error", 500, tongue -> tongue.error(500, "api_error", "Sorry."));
    status("overloaded, 503", 503, tongue -> tongue.error(503, "UNAVAILABLE", "Busy."));
    status(
        "overloaded, and not to be asked again",
        503,
        tongue -> tongue.error(503, "UNAVAILABLE", "Busy."),
        "x-should-retry",
        "false");
    status(
        "bad request, to be asked again",
        409,
        tongue -> tongue.error(409, "invalid_request_error", "Once more."),
        "x-should-retry",
        "true");
    status("overloaded, 529", 529, tongue -> tongue.error(529, "overloaded_error", "Busy."));
    status("gateway timeout", 504, tongue -> tongue.error(504, "DEADLINE_EXCEEDED", "Late."));
    status("model being loaded", 503, tongue -> tongue.error(503, null, "Loading model"));
    fault(
        "HTML under 502",
        tongue -> List.of(Script.status(502, "text/html").bytes("<html>Bad Gateway</html>")));
    fault(
        "refused parameter",
        tongue ->
            List.of(
                Script.status(400, "application/json")
                    .bytes(
                        tongue.error(
                            400, null, "Unsupported parameter: '" + dispensable(tongue) + "'")),
                streaming(tongue.answer("Hello"))));

    // Not a model server
    fault(
        "HTML under 200",
        tongue -> List.of(Script.status(200, "text/html").bytes("<html>Welcome</html>")));
    fault(
        "JSON under 200 without a stream",
        tongue -> List.of(Script.status(200, "application/json").bytes("{\"answer\":\"Hello\"}")));
    fault(
        "redirect",
        tongue ->
            List.of(
                Script.status(307, "text/plain").header("location", "http://127.0.0.1:1/v1/x")));

    // Silence and cuts
    fault("stall before the status", tongue -> List.of(Script.silence()));
    stream("stall before the first word", tongue -> tongue.start(), Script::stall);
    stream("stall inside", tongue -> begun(tongue), Script::stall);
    fault("cut before the status", tongue -> List.of(Script.nothing().cut()));
    stream("cut before the first word", tongue -> tongue.start(), Script::cut);
    stream("cut inside", tongue -> begun(tongue), Script::cut);
    stream("end without terminator", tongue -> begun(tongue));
    stream("no byte after the headers", tongue -> "");

    // Errors after 200
    stream("error before the first word", tongue -> tongue.start() + busy(tongue));
    stream("error inside", tongue -> begun(tongue) + busy(tongue));

    // Strange streams
    stream(
        "one event that is not JSON",
        tongue -> begun(tongue) + "data: {broken\n\n" + tongue.text("lo") + tongue.end(STOP));
    stream(
        "two events that are not JSON",
        tongue -> begun(tongue) + "data: {a\n\ndata: {b\n\n" + tongue.end(STOP));
    stream(
        "unknown events",
        tongue ->
            "event: surprise\nretry: 5\nid: 9\nsurprise: 1\ndata: {\"type\":\"surprise\","
                + "\"event_type\":\"surprise\",\"new\":[1]}\n\n"
                + tongue.answer("Hel", "lo"));
    stream("begun twice", tongue -> tongue.start() + tongue.answer("Hello"));
    fault(
        "begun again after some words",
        tongue ->
            tongue == TestingTongue.MESSAGES
                ? List.of(streaming(begun(tongue) + tongue.answer("Hello")))
                : List.of());
    stream("a delta of 1 MB", tongue -> begun(tongue) + tongue.text("x".repeat(1 << 20)));
    stream(
        "wrong usage",
        tongue -> tongue.answer("Hello").replaceAll("(okens|Count)\":[0-9]+", "$1\":-7"));
    fault(
        "a byte at a time", tongue -> List.of(Script.stream().trickle(tongue.answer("Hel", "lo"))));

    // Answers that are none
    stream("empty answer", tongue -> tongue.start() + tongue.end(STOP));
    stream(
        "all room used for thinking",
        tongue -> tongue.start() + tongue.reasoning("Hm.") + tongue.end(FinishReason.LENGTH));
    stream("cut to length", tongue -> begun(tongue) + tongue.end(FinishReason.LENGTH));
    fault("declined without a word", ProviderFaultsTest::declined);
    fault(
        "declined after some words",
        tongue ->
            tongue == TestingTongue.INTERACTIONS
                ? List.of()
                : List.of(streaming(begun(tongue) + tongue.end(FinishReason.CONTENT_FILTER))));
  }

  private static Vertx vertx;
  private static TestingProvider server;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    server = TestingProvider.start(vertx);
  }

  @AfterAll
  static void close() {
    Awaited.of(vertx.close());
  }

  @Test
  void the_page_lists_every_fault_once_in_order() throws IOException {
    assertThat(rows().map(Row::fault)).containsExactlyElementsOf(FAULTS.keySet());
  }

  static Stream<Arguments> faults() throws IOException {
    return rows()
        .flatMap(
            row ->
                Arrays.stream(TestingTongue.values())
                    .filter(tongue -> !FAULTS.get(row.fault).apply(tongue).isEmpty())
                    .map(tongue -> Arguments.of(row, tongue)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("faults")
  void every_fault_ends_as_the_page_says(Row row, TestingTongue tongue) {
    List<Script> scripts = FAULTS.get(row.fault).apply(tongue);
    server.plays(scripts.toArray(Script[]::new));
    int before = server.requests().size();

    Heard heard = Heard.ask(vertx, HttpProvider::new, call(row.fault, tongue));

    Event last = heard.last();
    assertThat(ending(last)).isEqualTo(row.ending);
    assertThat(code(last)).isEqualTo(row.code);
    assertThat(heard.text()).isEqualTo(row.kept);
    assertThat(heard.events().indexOf(last)).isEqualTo(heard.events().size() - 1);
    assertThat(server.requests()).hasSize(before + scripts.size());
    switch (row.fault) {
      case "rate limit, with a time to wait" ->
          assertThat(heard.failure().retryAfter()).isEqualTo(Duration.ofSeconds(7));
      case "rate limit, in milliseconds" ->
          assertThat(heard.failure().retryAfter()).isEqualTo(Duration.ofMillis(1500));
      case "overloaded, and not to be asked again" ->
          assertThat(heard.failure().retry()).isEqualTo(LlmFailure.Retry.NEVER);
      case "bad request, to be asked again" ->
          assertThat(heard.failure().retry()).isEqualTo(LlmFailure.Retry.AFTER_A_WAIT);
      default -> {}
    }
  }

  private static String ending(Event last) {
    return last instanceof Event.Failed failed
        ? failed.failure().kind().word()
        : ((Event.Finished) last).reason().word();
  }

  private static String code(Event last) {
    return last instanceof Event.Failed failed ? failed.failure().code().name() : "";
  }

  private static Call call(String fault, TestingTongue tongue) {
    Duration wait = fault.startsWith("stall") ? Duration.ofMillis(300) : Duration.ofSeconds(10);
    Patience patience = new Patience(wait, wait, wait, Duration.ofSeconds(10));
    ModelSpec model =
        new ModelSpec(
            "test",
            "model-test",
            "Test",
            8192,
            1024,
            Set.of(ModelSpec.Capability.REASONING),
            List.of());
    Connection connection =
        new Connection(
            "test", tongue.dialect(), server.baseUrl(), new Secret("sk-canary"), patience);
    return new Call(connection, model, Wire.prompt("What is light?"), new Limits(512));
  }

  // The page

  private record Row(String fault, String ending, String code, String kept) {
    @Override
    public String toString() {
      return fault;
    }
  }

  private static Stream<Row> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| ") && line.contains("`"))
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[1].strip(), word(cells[3]), word(cells[4]), word(cells[5])));
  }

  private static String word(String cell) {
    return cell.replace("`", "").strip();
  }

  // What is played

  private static void fault(String name, Playing playing) {
    FAULTS.put(name, playing);
  }

  private static void status(
      String name, int status, Function<TestingTongue, String> body, String... header) {
    fault(
        name,
        tongue -> {
          Script script = Script.status(status, "application/json").bytes(body.apply(tongue));
          return List.of(header.length == 0 ? script : script.header(header[0], header[1]));
        });
  }

  private static void stream(String name, Function<TestingTongue, String> said) {
    fault(name, tongue -> List.of(streaming(said.apply(tongue))));
  }

  private static void stream(
      String name, Function<TestingTongue, String> said, Function<Script, Script> then) {
    fault(name, tongue -> List.of(then.apply(streaming(said.apply(tongue)))));
  }

  private static Script streaming(String said) {
    return Script.stream().bytes(said);
  }

  private static String begun(TestingTongue tongue) {
    return tongue.start() + tongue.text("Hel");
  }

  private static String busy(TestingTongue tongue) {
    return switch (tongue) {
      case MESSAGES -> tongue.errorEvent(529, "overloaded_error", "Overloaded");
      case CONTENT -> tongue.errorEvent(503, "UNAVAILABLE", "The model is overloaded.");
      case INTERACTIONS -> tongue.errorEvent(503, "service_unavailable", "Busy.");
      case RESPONSES, CHAT, COMPATIBLE -> tongue.errorEvent(500, "server_error", "Sorry.");
    };
  }

  private static String haste(TestingTongue tongue) {
    String word =
        switch (tongue) {
          case MESSAGES -> "rate_limit_error";
          case CONTENT -> "RESOURCE_EXHAUSTED";
          case RESPONSES, CHAT, COMPATIBLE, INTERACTIONS -> "rate_limit_exceeded";
        };
    return tongue.error(429, word, "Too many tokens per minute.");
  }

  private static String emptyAccount(TestingTongue tongue) {
    return switch (tongue) {
      case CONTENT -> tongue.error(400, "FAILED_PRECONDITION", "Enable billing.");
      case INTERACTIONS -> tongue.error(400, "payment_required", "Enable billing.");
      case MESSAGES, RESPONSES, CHAT, COMPATIBLE ->
          tongue.error(400, "invalid_request_error", "Your credit balance is too low to go on.");
    };
  }

  private static String spentQuota(TestingTongue tongue) {
    return switch (tongue) {
      case MESSAGES ->
          "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\","
              + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}";
      case CONTENT ->
          googleError(429, "RATE_LIMIT_EXCEEDED", "GenerateRequestsPerDayPerProjectPerModel");
      case INTERACTIONS -> tongue.error(429, "quota_exceeded", "x");
      case RESPONSES, CHAT, COMPATIBLE -> tongue.error(429, "insufficient_quota", "x");
    };
  }

  private static String googleError(int status, String reason, String quota) {
    return
"""
[{"error": {"code": %d, "message": "x", "status": "INVALID_ARGUMENT", "details": [
  {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "%s"},
  {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "%s"}]},
  {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.4s"}]}}]
"""
        .formatted(status, reason, quota);
  }

  private static String dispensable(TestingTongue tongue) {
    return switch (tongue) {
      case RESPONSES, CHAT, COMPATIBLE -> "stream_options";
      case MESSAGES -> "cache_control";
      case CONTENT -> "thinkingConfig";
      case INTERACTIONS -> "thinking_summaries";
    };
  }

  private static List<Script> declined(TestingTongue tongue) {
    return switch (tongue) {
      case CONTENT ->
          List.of(streaming("data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n"));
      case INTERACTIONS -> List.of();
      case RESPONSES, CHAT, COMPATIBLE, MESSAGES ->
          List.of(streaming(tongue.start() + tongue.end(FinishReason.CONTENT_FILTER)));
    };
  }
}
