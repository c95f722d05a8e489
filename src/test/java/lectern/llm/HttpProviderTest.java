package lectern.llm;

import static lectern.llm.LlmFailure.Kind.BAD_REQUEST;
import static lectern.llm.LlmFailure.Kind.CONTEXT_TOO_LARGE;
import static lectern.llm.LlmFailure.Kind.GARBLED;
import static lectern.llm.LlmFailure.Kind.INTERRUPTED;
import static lectern.llm.LlmFailure.Kind.INVALID_KEY;
import static lectern.llm.LlmFailure.Kind.MODEL_NOT_FOUND;
import static lectern.llm.LlmFailure.Kind.OUT_OF_MONEY;
import static lectern.llm.LlmFailure.Kind.OVERLOADED;
import static lectern.llm.LlmFailure.Kind.RATE_LIMIT;
import static lectern.llm.LlmFailure.Kind.REFUSED;
import static lectern.llm.LlmFailure.Kind.TIMEOUT;
import static lectern.llm.LlmFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import lectern.llm.LlmFailure.Kind;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpProviderTest extends ProviderContract {
  private static final Patience QUICK = patience(10_000, 10_000, 10_000);
  private TestingProvider server;

  @BeforeEach
  void open() {
    server = TestingProvider.start(vertx);
  }

  @Override
  Provider provider(Vertx there) {
    return new HttpProvider(there);
  }

  @Override
  Call answered() {
    server.plays(Script.answering("One ", "two ", "three."));
    return call();
  }

  private Call call() {
    return call(QUICK);
  }

  private Call call(Patience patience) {
    return Wire.call(connection(Dialect.OPENAI_COMPATIBLE, server.baseUrl(), patience));
  }

  private static Connection connection(Dialect dialect, URI baseUrl, Patience patience) {
    return new Connection("openai", dialect, baseUrl, new Secret("sk-canary"), patience);
  }

  private static Patience patience(int first, int idle, int total) {
    return new Patience(
        Duration.ofSeconds(2),
        Duration.ofMillis(first),
        Duration.ofMillis(idle),
        Duration.ofMillis(total));
  }

  // What is asked

  @Test
  void a_compatible_server_is_asked_with_the_words_all_of_them_know() {
    ask(call()).last();
    TestingProvider.Request request = server.nextRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v1/chat/completions");
    assertThat(request.header("authorization")).isEqualTo("Bearer sk-canary");
    assertThat(request.header("accept")).isEqualTo("text/event-stream");
    assertThat(request.header("accept-encoding")).isNull();
    assertThat(request.json())
        .isEqualTo(
            new JsonObject(
                """
                {"model": "gpt-test",
                 "messages": [{"role": "system", "content": "Answer from the passages."},
                              {"role": "user", "content": "What is light?"}],
                 "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 512}
                """));
  }

  @Test
  void openai_itself_is_asked_with_its_own_words() {
    ask(Wire.call(connection(Dialect.OPENAI_CHAT, server.baseUrl(), QUICK))).last();
    JsonObject body = server.nextRequest().json();
    assertThat(body.getInteger("max_completion_tokens")).isEqualTo(512);
    assertThat(body.containsKey("max_tokens")).isFalse();
    assertThat(body.containsKey("temperature")).isFalse();
    assertThat(body.getJsonObject("stream_options").getBoolean("include_obfuscation")).isFalse();
  }

  @Test
  void a_server_without_a_key_gets_no_authorization() {
    Connection open =
        new Connection("local", Dialect.OPENAI_COMPATIBLE, server.baseUrl(), null, QUICK);
    ask(Wire.call(open)).last();
    assertThat(server.nextRequest().header("authorization")).isNull();
  }

  @Test
  void a_parameter_the_server_refuses_is_left_out_once() {
    server.plays(
        Script.status(400, "application/json")
            .bytes(
                """
                {"error":{"message":"Unsupported parameter: 'stream_options'","type":"invalid_request_error","param":"stream_options","code":null}}
                """),
        Script.answering("Fine."));
    Heard heard = ask(call());
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(heard.text()).isEqualTo("Fine.");
    assertThat(server.nextRequest().json().containsKey("stream_options")).isTrue();
    assertThat(server.nextRequest().json().containsKey("stream_options")).isFalse();
  }

  @Test
  void a_limit_the_server_calls_otherwise_is_renamed() {
    server.plays(
        Script.refusing(
            400,
            "invalid_request_error",
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model."
                + " Use 'max_completion_tokens' instead."),
        Script.answering("Fine."));
    assertThat(ask(call()).last()).isInstanceOf(Event.Finished.class);
    server.nextRequest();
    JsonObject second = server.nextRequest().json();
    assertThat(second.getInteger("max_completion_tokens")).isEqualTo(512);
    assertThat(second.containsKey("max_tokens")).isFalse();
  }

  @Test
  void what_a_model_refused_is_left_out_from_the_start_the_next_time_and_sent_to_its_siblings() {
    AtomicReference<Provider> same = new AtomicReference<>();
    Function<Vertx, Provider> provider =
        there -> same.updateAndGet(made -> made == null ? provider(there) : made);
    Script refusal =
        Script.refusing(400, "invalid_request_error", "unsupported_parameter", "no stream_options");
    Script other =
        Script.refusing(400, "invalid_request_error", "unsupported_parameter", "no max_tokens");
    server.plays(refusal, Script.answering("a"), Script.answering("b"));
    assertThat(said(provider)).isEqualTo("a");
    assertThat(said(provider)).isEqualTo("b");
    server.plays(other, Script.answering("c"), Script.answering("d"));
    assertThat(said(provider)).isEqualTo("c");
    assertThat(said(provider)).isEqualTo("d");
    assertThat(server.requests()).hasSize(6);
    assertThat(sent("stream_options")).containsExactly(true, false, false, false, false, false);
    assertThat(sent("max_tokens")).containsExactly(true, true, true, true, false, false);
    assertThat(sent("max_completion_tokens"))
        .containsExactly(false, false, false, false, true, true);
    Call asked = call();
    ModelSpec sibling =
        new ModelSpec("openai", "sibling", "Sibling", 8_192, 1_024, Set.of(), List.of());
    Heard.ask(
            vertx, provider, new Call(asked.connection(), sibling, asked.prompt(), asked.limits()))
        .last();
    assertThat(sent("stream_options").getLast()).isTrue();
  }

  private String said(Function<Vertx, Provider> provider) {
    Heard heard = Heard.ask(vertx, provider, call());
    heard.last();
    return heard.text();
  }

  private List<Boolean> sent(String parameter) {
    return server.requests().stream()
        .map(request -> request.json().containsKey(parameter))
        .toList();
  }

  @Test
  void what_was_refused_in_vain_is_not_remembered() {
    AtomicReference<Provider> same = new AtomicReference<>();
    Function<Vertx, Provider> provider =
        there -> same.updateAndGet(made -> made == null ? provider(there) : made);
    Script refusal =
        Script.refusing(400, "invalid_request_error", "unsupported_parameter", "no stream_options");
    server.plays(refusal, refusal, Script.answering("a"));
    Heard.ask(vertx, provider, call()).last();
    Heard.ask(vertx, provider, call()).last();
    assertThat(sent("stream_options")).containsExactly(true, false, true);
  }

  @Test
  void a_second_refusal_of_a_parameter_is_a_bad_request() {
    Script refusal =
        Script.refusing(400, "invalid_request_error", "unsupported_parameter", "no stream_options");
    server.plays(refusal, refusal);
    assertThat(ask(call()).failure().kind()).isEqualTo(BAD_REQUEST);
    assertThat(server.requests()).hasSize(2);
  }

  // What is heard

  @Test
  void text_usage_and_the_end_are_heard_as_they_were_said() {
    server.plays(Script.stream().header("x-request-id", "req-7").bytes(Wire.sample("answer.sse")));
    Heard heard = ask(call());
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(heard.text()).isEqualTo("Licht: 👋 smörgås 光");
    assertThat(heard.events())
        .contains(new Event.Started("req-7", "gpt-test-2026"), new Usage(16, 4, 9, 2));
  }

  @Test
  void a_stream_is_heard_the_same_in_whatever_packets_it_comes() {
    byte[] stream = Wire.sample("answer.sse");
    for (int cut = 1; cut < stream.length; cut += 37) {
      server.plays(
          Script.stream()
              .bytes(Arrays.copyOfRange(stream, 0, cut))
              .bytes(Arrays.copyOfRange(stream, cut, stream.length)));
      Heard heard = ask(call());
      assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
      assertThat(heard.text()).as("cut at %d", cut).isEqualTo("Licht: 👋 smörgås 光");
    }
  }

  @Test
  void reasoning_under_any_of_its_names_is_apart_from_the_answer() {
    server.plays(Script.stream().bytes(Wire.sample("reasoning.sse")));
    Heard heard = ask(call());
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.LENGTH));
    assertThat(heard.joined(Delta.Reasoning.class)).isEqualTo("Hm, well.");
    assertThat(heard.text()).isEqualTo("Yes");
  }

  @Test
  void a_refusal_is_told_apart_and_ends_as_filtered() {
    server.plays(Script.stream().bytes(Wire.sample("refusal.sse")));
    Heard heard = ask(call());
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.CONTENT_FILTER));
    assertThat(heard.joined(Delta.Refusal.class)).isEqualTo("I cannot say.");
    assertThat(heard.text()).isEmpty();
  }

  @Test
  void the_terminator_without_its_blank_line_is_still_the_end() {
    server.plays(Script.stream().text("Hello").bytes("data: [DONE]"));
    assertThat(ask(call()).last()).isEqualTo(new Event.Finished(FinishReason.STOP));
  }

  @Test
  void what_comes_after_the_end_is_not_heard() {
    server.plays(Script.stream().text("Hello").done().text("again").done());
    Heard heard = ask(call());
    heard.last();
    server.plays(Script.answering("next"));
    ask(call()).last();
    assertThat(heard.text()).isEqualTo("Hello");
    assertThat(ends(heard)).isEqualTo(1);
  }

  @Test
  void one_line_that_is_not_json_is_passed_over() {
    server.plays(Script.stream().text("a").data("{broken").text("b").finish("stop").done());
    Heard heard = ask(call());
    assertThat(heard.last()).isInstanceOf(Event.Finished.class);
    assertThat(heard.text()).isEqualTo("ab");
  }

  // What goes wrong

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments(401, "invalid_request_error", "invalid_api_key", "Incorrect key", INVALID_KEY),
        arguments(403, null, null, "Missing scope", INVALID_KEY),
        arguments(429, "tokens", "rate_limit_exceeded", "Slow down", RATE_LIMIT),
        arguments(429, null, null, "", RATE_LIMIT),
        arguments(429, "insufficient_quota", "insufficient_quota", "quota", OUT_OF_MONEY),
        arguments(429, "insufficient_quota", "project_spend_limit_exceeded", "x", OUT_OF_MONEY),
        arguments(402, null, null, "Insufficient credits", OUT_OF_MONEY),
        arguments(400, null, null, "Your credit balance is too low to go on", OUT_OF_MONEY),
        arguments(500, "server_error", null, "The server had an error", OVERLOADED),
        arguments(502, null, null, "", OVERLOADED),
        arguments(503, "service_unavailable_error", "server_is_overloaded", "x", OVERLOADED),
        arguments(529, null, null, "overloaded", OVERLOADED),
        arguments(504, null, null, "", TIMEOUT),
        arguments(408, null, null, "", TIMEOUT),
        arguments(400, "invalid_request_error", "context_length_exceeded", "x", CONTEXT_TOO_LARGE),
        arguments(
            400,
            "exceed_context_size_error",
            null,
            "request (9412 tokens) exceeds the available context size (8192 tokens)",
            CONTEXT_TOO_LARGE),
        arguments(400, null, null, "This model's maximum context length is 8", CONTEXT_TOO_LARGE),
        arguments(413, null, null, "", CONTEXT_TOO_LARGE),
        arguments(404, null, "model_not_found", "The model `x` does not exist", MODEL_NOT_FOUND),
        arguments(404, null, null, "", MODEL_NOT_FOUND),
        arguments(400, null, null, "model \"x\" not found, try pulling it", MODEL_NOT_FOUND),
        arguments(400, null, "content_policy_violation", "no", REFUSED),
        arguments(400, "invalid_request_error", "decimal_below_min_value", "x", BAD_REQUEST),
        arguments(422, null, null, "field required", BAD_REQUEST),
        arguments(418, null, null, "", BAD_REQUEST));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void every_refusal_has_its_class(int status, String type, String code, String says, Kind kind) {
    server.plays(Script.refusing(status, type, code, says));
    Heard heard = ask(call());
    assertThat(heard.failure().kind()).isEqualTo(kind);
    assertThat(heard.failure().status()).isEqualTo(status);
    assertThat(heard.events()).hasSize(1);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void how_long_to_wait_is_kept_and_a_missing_word_is_not_made_up() {
    server.plays(
        Script.refusing(429, null, null, "").header("retry-after", "7"),
        Script.refusing(429, null, null, "").header("retry-after-ms", "1500"),
        Script.refusing(429, null, null, "").header("retry-after", "soon"),
        Script.refusing(429, null, null, ""));
    assertThat(ask(call()).failure().retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(ask(call()).failure().retryAfter()).isEqualTo(Duration.ofMillis(1500));
    assertThat(ask(call()).failure().retryAfter()).isNull();
    assertThat(ask(call()).failure().retryAfter()).isNull();
  }

  @Test
  void a_failure_says_nothing_of_what_the_provider_quoted() {
    server.plays(Script.refusing(401, "sk canary!", "invalid_api_key", "Incorrect: sk-canary"));
    assertThat(ask(call()).failure().toString()).doesNotContain("canary");
  }

  static Stream<Arguments> breaks() {
    return Stream.of(
        arguments("cut", Script.stream().text("Hel").cut(), INTERRUPTED),
        arguments(
            "end without terminator", Script.stream().text("Hel").finish("stop"), INTERRUPTED),
        arguments("empty", Script.stream(), INTERRUPTED),
        arguments("only the terminator", Script.stream().done(), INTERRUPTED),
        arguments(
            "terminator cut short", Script.stream().text("Hel").bytes("data: [DO"), INTERRUPTED),
        arguments(
            "an error after the first words",
            Script.stream()
                .text("Hel")
                .data("{\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"code\":null}}"),
            OVERLOADED),
        arguments(
            "a named error",
            Script.stream().bytes("event: error\ndata: {\"message\":\"busy\",\"code\":429}\n\n"),
            RATE_LIMIT),
        arguments(
            "an error inside a chunk",
            Script.stream()
                .data(
                    "{\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}],"
                        + "\"error\":{\"code\":402,\"message\":\"x\"}}"),
            OUT_OF_MONEY),
        arguments(
            "quota in the stream",
            Script.stream().data("{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}"),
            OUT_OF_MONEY),
        arguments("twice no JSON", Script.stream().data("{a").data("{b").done(), GARBLED),
        arguments(
            "an event past the bound", Script.stream().data("x".repeat(300_000)).stall(), GARBLED),
        arguments("HTML", Script.status(200, "text/html").bytes("<html>Welcome</html>"), GARBLED),
        arguments(
            "JSON instead of a stream",
            Script.status(200, "application/json").bytes("{\"choices\":[]}"),
            GARBLED),
        arguments(
            "an error as JSON under 200",
            Script.status(200, "application/json")
                .bytes("{\"error\":{\"code\":503,\"message\":\"x\"}}"),
            OVERLOADED),
        arguments("HTML under 503", Script.status(503, "text/html").bytes("<html>"), OVERLOADED),
        arguments(
            "an endless error",
            Script.status(500, "text/plain").bytes("x".repeat(70_000)).stall(),
            OVERLOADED),
        arguments("cut before the status", Script.nothing().cut(), UNREACHABLE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void every_break_has_its_class_and_keeps_the_text_so_far(String what, Script script, Kind kind) {
    server.plays(script);
    Heard heard = ask(call());
    assertThat(heard.failure().kind()).as(what).isEqualTo(kind);
    assertThat(ends(heard)).isEqualTo(1);
    assertThat(heard.text()).isIn("", "Hel");
  }

  @Test
  void a_stream_cut_at_any_byte_is_never_a_success() {
    byte[] stream = Wire.sample("answer.sse");
    int end = new String(stream, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("[DONE]");
    for (int cut = 1; cut < end + 6; cut += 41) {
      server.plays(Script.stream().bytes(Arrays.copyOfRange(stream, 0, cut)).cut());
      assertThat(ask(call()).failure().kind()).as("cut at %d", cut).isEqualTo(INTERRUPTED);
    }
  }

  @Test
  void a_redirect_is_refused_and_the_key_goes_nowhere() {
    TestingProvider elsewhere = TestingProvider.start(vertx);
    server.plays(
        Script.status(307, "text/plain")
            .header("location", elsewhere.baseUrl() + "/chat/completions"));
    assertThat(ask(call()).failure().kind()).isEqualTo(GARBLED);
    assertThat(elsewhere.requests()).isEmpty();
  }

  @Test
  void a_server_that_is_not_there_is_unreachable() {
    URI gone = server.baseUrl();
    server.close();
    Call call = Wire.call(connection(Dialect.OPENAI_COMPATIBLE, gone, QUICK));
    assertThat(ask(call).failure().kind()).isEqualTo(UNREACHABLE);
  }

  // What takes too long

  static Stream<Arguments> waits() {
    return Stream.of(
        arguments("no status", Script.silence(), patience(150, 9000, 9000)),
        arguments("no word", Script.stream().stall(), patience(150, 9000, 9000)),
        arguments(
            "silence in the middle",
            Script.stream().text("Hel").stall(),
            patience(9000, 150, 9000)),
        arguments("the whole", Script.stream().text("Hel").stall(), patience(9000, 9000, 300)),
        arguments(
            "an error without end",
            Script.status(500, "text/plain").stall(),
            patience(150, 9000, 9000)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void every_wait_has_its_end_and_the_connection_is_closed(String what, Script script, Patience p) {
    server.plays(script);
    assertThat(ask(call(p)).failure().kind()).as(what).isEqualTo(TIMEOUT);
    server.nextRequest().awaitGone();
  }

  @Test
  void silence_while_we_hold_the_stream_ourselves_does_not_count() {
    Promise<Void> go = Promise.promise();
    server.plays(
        Script.stream().text("a").pauseUntil(go.future()).text("b").finish("stop").done(),
        Script.stream().text("a").stall());
    Patience quick = patience(9000, 200, 9000);
    Heard heard = ask(call(quick));
    heard.first();
    heard.act(Upstream::pause);
    assertThat(ask(call(quick)).failure().kind()).isEqualTo(TIMEOUT);
    go.complete();
    heard.act(Upstream::resume);
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
  }

  // Stopping and holding

  @Test
  void a_cancel_closes_the_connection() {
    server.plays(Script.stream().text("Hel").stall());
    Heard heard = ask(call());
    heard.first();
    heard.act(Upstream::cancel);
    server.nextRequest().awaitGone();
    assertThat(ends(heard)).isZero();
  }

  @Test
  void a_paused_answer_holds_the_server_up_and_loses_nothing() {
    String piece = "x".repeat(8000);
    server.plays(Script.stream().text("first").flood(2000, piece).finish("stop").done());
    Heard heard = ask(call());
    heard.first();
    heard.act(Upstream::pause);
    server.nextRequest().awaitHeldUp();
    heard.act(Upstream::pause);
    int before = heard.events().size();
    ask(answered()).last();
    assertThat(heard.events()).hasSize(before);
    heard.act(Upstream::resume);
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(heard.text()).hasSize(5 + 2000 * 8000);
  }
}
