package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lectern.llm.TestingProvider.Request;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelListsTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Connection> answered = new ArrayList<>();
  private TestingProvider server;
  private ModelLists lists;

  @BeforeEach
  void open() {
    server = TestingProvider.start(vertx);
    LlmSettings settings =
        new LlmSettings(Map.of(), new LlmSettings.Local(false, List.of(), Set.of()));
    lists = new ModelLists(vertx, settings, answered::add);
  }

  @AfterEach
  void close() {
    Awaited.of(vertx.close());
  }

  @Test
  void a_window_is_read_under_the_names_servers_have_for_it() {
    server.plays(
        json(
            """
            {"data": [{"id": "a", "max_model_len": 32000}, {"id": "b", "context_length": 200000},
                      {"id": "c", "max_context_length": 4096}, {"id": "d"}, {"id": "e-embed"}]}
            """));
    assertThat(asked("localhost").models())
        .extracting(ModelSpec::modelName, ModelSpec::maxContextTokens)
        .containsExactly(
            tuple("a", 32_000), tuple("b", 200_000), tuple("c", 4_096), tuple("d", 8_192));
    assertThat(answered).hasSize(1);
  }

  @Test
  void where_everybody_may_see_the_models_the_key_is_asked_about_first() {
    server.plays(Script.refusing(401, "x", null, "No such key."));
    LlmFailure failure = asked("openrouter.ai").failure();
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).isEqualTo(LlmFailure.Kind.INVALID_KEY);
    assertThat(server.requests()).extracting(Request::path).containsExactly("/v1/key");
    assertThat(answered).isEmpty();
    server.plays(json("{\"data\": {\"usage\": 1}}"), json("{\"data\": [{\"id\": \"a\"}]}"));
    assertThat(asked("openrouter.ai").models()).hasSize(1);
    assertThat(server.requests())
        .extracting(Request::path)
        .containsExactly("/v1/key", "/v1/key", "/v1/models");
  }

  private static Script json(String body) {
    return Script.status(200, "application/json").bytes(body);
  }

  private ModelList asked(String host) {
    Connection connection =
        new Connection(
                "connection",
                Dialect.OPENAI_COMPATIBLE,
                URI.create("http://" + host + ":" + server.port() + "/v1"),
                new Secret("sk-own"),
                Patience.LOCAL)
            .pinned("127.0.0.1");
    return Awaited.of(lists.of(new ModelList.OfConnection(connection)));
  }
}
