package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Set;
import lectern.llm.ModelSpec.Capability;
import lectern.llm.ModelSpec.Effort;
import lectern.llm.ModelSpec.How;
import lectern.llm.ModelSpec.Thinking;
import lectern.llm.Prompt.Role;
import lectern.llm.Prompt.Turn;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked, dialect by dialect. */
class AdapterTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Awaited.of(vertx.close());
  }

  @Test
  void responses_are_asked_for_with_nothing_stored_and_nothing_padded() {
    assertAsked(
        Dialect.OPENAI_RESPONSES,
        How.EFFORT,
        "https://host/v1/responses",
        """
        {"model": "model-test", "instructions": "Answer from the passages.",
         "input": [{"type": "message", "role": "user", "content": "Hi"},
                   {"type": "message", "role": "assistant", "content": "Hello"},
                   {"type": "message", "role": "user", "content": "What is light?"}],
         "max_output_tokens": 512, "store": false, "stream": true,
         "stream_options": {"include_obfuscation": false},
         "reasoning": {"effort": "low", "summary": "auto"}}
        """);
  }

  @Test
  void chat_completions_of_openai_are_asked_for_in_its_own_words() {
    assertAsked(
        Dialect.OPENAI_CHAT,
        How.EFFORT,
        "https://host/v1/chat/completions",
        """
        {"model": "model-test",
         "messages": [{"role": "developer", "content": "Answer from the passages."},
                      {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"},
                      {"role": "user", "content": "What is light?"}],
         "stream": true, "stream_options": {"include_usage": true, "include_obfuscation": false},
         "max_completion_tokens": 512, "reasoning_effort": "low"}
        """);
  }

  @Test
  void messages_are_asked_for_without_sampling_and_marked_for_the_cache() {
    assertAsked(
        Dialect.ANTHROPIC,
        How.EFFORT,
        "https://host/v1/messages",
        """
        {"model": "model-test", "max_tokens": 512, "system": "Answer from the passages.",
         "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"},
                      {"role": "user", "content": "What is light?"}],
         "stream": true, "cache_control": {"type": "ephemeral"}, "output_config": {"effort": "low"}}
        """);
  }

  @Test
  void gemini_is_asked_with_its_own_roles_and_its_level_of_thinking() {
    assertAsked(
        Dialect.GEMINI,
        How.LEVEL,
        "https://host/v1beta/models/model-test:streamGenerateContent?alt=sse",
        """
        {"systemInstruction": {"parts": [{"text": "Answer from the passages."}]},
         "contents": [{"role": "user", "parts": [{"text": "Hi"}]},
                      {"role": "model", "parts": [{"text": "Hello"}]},
                      {"role": "user", "parts": [{"text": "What is light?"}]}],
         "generationConfig": {"maxOutputTokens": 512,
                              "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "LOW"}}}
        """);
  }

  @Test
  void interactions_are_asked_for_with_nothing_stored() {
    assertAsked(
        Dialect.GEMINI_INTERACTIONS,
        How.LEVEL,
        "https://host/v1beta/interactions",
        """
        {"model": "model-test", "system_instruction": "Answer from the passages.",
         "input": [{"type": "user_input", "content": [{"type": "text", "text": "Hi"}]},
                   {"type": "model_output", "content": [{"type": "text", "text": "Hello"}]},
                   {"type": "user_input", "content": [{"type": "text", "text": "What is light?"}]}],
         "generation_config": {"max_output_tokens": 512, "thinking_summaries": "auto",
                               "thinking_level": "low"},
         "store": false, "stream": true}
        """);
  }

  private static void assertAsked(Dialect dialect, How how, String uri, String body) {
    URI host = URI.create("https://host");
    Connection connection = new Connection("test", dialect, host, null, Patience.HOSTED);
    Question question = Adapter.of(dialect).question(call(connection, how));
    assertThat(question.uri()).hasToString(uri);
    assertThat(question.body().toJsonObject()).isEqualTo(new JsonObject(body));
  }

  /** A question with a history, to a model that thinks a little. */
  static Call call(Connection connection, How how) {
    Thinking thinking =
        new Thinking(how, List.of(Effort.LOW, Effort.HIGH), Effort.LOW, null, false);
    ModelSpec plain = Wire.model();
    ModelSpec model =
        new ModelSpec(
            "test",
            "model-test",
            "Test",
            8192,
            1024,
            Set.of(Capability.REASONING),
            new ModelSpec.Rules(ModelSpec.Sampling.NEVER, thinking, null),
            null,
            plain.prices());
    Prompt prompt =
        new Prompt(
            "v1",
            "Answer from the passages.",
            List.of(),
            List.of(
                new Turn(Role.USER, "Hi"),
                new Turn(Role.ASSISTANT, "Hello"),
                new Turn(Role.USER, "What is light?")));
    return new Call(connection, model, prompt, new Limits(512));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_RESPONSES, authorization, Bearer sk-canary",
    "OPENAI_COMPATIBLE, authorization, Bearer sk-canary",
    "ANTHROPIC, x-api-key, sk-canary",
    "GEMINI, x-goog-api-key, sk-canary",
    "GEMINI_INTERACTIONS, x-goog-api-key, sk-canary"
  })
  void a_key_is_sent_in_the_header_of_its_dialect_and_nowhere_else(
      Dialect dialect, String header, String value) {
    TestingProvider server = TestingProvider.start(vertx);
    Heard.ask(vertx, HttpProvider::new, call(connection(dialect, server), How.EFFORT)).last();
    TestingProvider.Request request = server.nextRequest();
    assertThat(request.header(header)).isEqualTo(value);
    assertThat(request.body() + request.path()).doesNotContain("canary");
    assertThat(request.header("anthropic-version"))
        .isEqualTo(dialect == Dialect.ANTHROPIC ? "2023-06-01" : null);
  }

  @Test
  void anthropic_itself_is_asked_in_its_newest_version() {
    URI own = URI.create("https://api.anthropic.com");
    Connection usual = new Connection("anthropic", Dialect.ANTHROPIC, own, null, Patience.HOSTED);
    assertThat(usual.version()).isEqualTo("2026-10-21");
    assertThat(usual.keyHeader()).isEqualTo(KeyHeader.X_API_KEY);
  }

  private static Connection connection(Dialect dialect, TestingProvider server) {
    return new Connection(
        "test", dialect, server.baseUrl(), new Secret("sk-canary"), Patience.HOSTED);
  }

  @Test
  void a_model_that_insists_on_a_dialect_is_asked_in_that() {
    TestingProvider server = TestingProvider.start(vertx);
    server.plays(Script.stream().bytes(TestingTongue.INTERACTIONS.answer("Hello")));
    Call usual = call(connection(Dialect.GEMINI, server), How.LEVEL);
    ModelSpec model = usual.model();
    ModelSpec insists =
        new ModelSpec(
            model.provider(),
            model.modelName(),
            model.displayName(),
            model.maxContextTokens(),
            model.maxOutputTokens(),
            model.capabilities(),
            new ModelSpec.Rules(
                ModelSpec.Sampling.NEVER, model.rules().thinking(), Dialect.GEMINI_INTERACTIONS),
            null,
            model.prices());
    Call call = new Call(usual.connection(), insists, usual.prompt(), usual.limits());
    Heard heard = Heard.ask(vertx, HttpProvider::new, call);
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(server.nextRequest().path()).isEqualTo("/v1/interactions");
  }

  @ParameterizedTest
  @EnumSource(
      value = TestingTongue.class,
      names = {"CONTENT", "INTERACTIONS"})
  void an_answer_in_parts_is_asked_for_to_its_end_and_is_one_answer(TestingTongue tongue) {
    TestingProvider server = TestingProvider.start(vertx);
    server.plays(
        Script.stream().bytes(part(tongue, "One ", "next-1")),
        Script.stream().bytes(part(tongue, "two ", "next-2")),
        Script.stream().bytes(tongue.answer("three.")));
    Heard heard =
        Heard.ask(vertx, HttpProvider::new, call(connection(tongue.dialect(), server), How.LEVEL));
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    assertThat(heard.text()).isEqualTo("One two three.");
    assertThat(heard.events()).contains(new Usage(48, 12, 27, 6));
    assertThat(heard.events().stream().filter(Event.Started.class::isInstance)).hasSize(1);
    String token = tongue == TestingTongue.CONTENT ? "continuationToken" : "continuation_token";
    assertThat(server.requests().stream().map(asked -> asked.json().getString(token)))
        .containsExactly(null, "next-1", "next-2");
  }

  @Test
  void an_answer_in_parts_without_end_ends_for_length() {
    TestingProvider server = TestingProvider.start(vertx);
    for (int i = 0; i <= GeminiStream.MOST_PARTS; i++) {
      server.plays(Script.stream().bytes(part(TestingTongue.CONTENT, "x", "again")));
    }
    Heard heard =
        Heard.ask(vertx, HttpProvider::new, call(connection(Dialect.GEMINI, server), How.LEVEL));
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.LENGTH));
    assertThat(server.requests()).hasSize(GeminiStream.MOST_PARTS);
  }

  private static String part(TestingTongue tongue, String text, String token) {
    return tongue
        .answer(text)
        .replace(
            "\"finishReason\":\"STOP\"",
            "\"finishReason\":\"CONTINUATION\",\"continuationToken\":\"" + token + "\"")
        .replace(
            "\"status\":\"completed\"",
            "\"status\":\"requires_continuation\",\"continuation_token\":\"" + token + "\"");
  }

  @Test
  void an_answer_that_lacks_only_the_end_of_its_bytes_is_not_waited_for() {
    TestingProvider server = TestingProvider.start(vertx);
    server.plays(Script.stream().bytes(TestingTongue.CONTENT.answer("Hello")).stall());
    Heard heard =
        Heard.ask(vertx, HttpProvider::new, call(connection(Dialect.GEMINI, server), How.LEVEL));
    assertThat(heard.last()).isEqualTo(new Event.Finished(FinishReason.STOP));
    server.nextRequest().awaitGone();
  }
}
