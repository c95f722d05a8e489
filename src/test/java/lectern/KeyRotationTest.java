package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lectern.keys.Key.Rotated;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command that seals keys anew, beside a server that runs. */
class KeyRotationTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  @Test
  void keys_are_sealed_anew_beside_a_running_server_and_are_none_to_whoever_lacks_the_new_one() {
    TestingClient reader = server.newcomer();
    JsonObject key =
        new JsonObject().put("provider", "openai").put("api_key", "sk-own-0123456789-0123456789");
    reader.post("/keys", key).is(201);
    JsonObject connection =
        new JsonObject()
            .put("name", "Mine")
            .put("base_url", "http://localhost:" + server.provider().port() + "/v1")
            .put("api_key", "short");
    server.provider().plays(Script.status(200, "application/json").bytes("{\"data\":[]}"));
    JsonObject stored = reader.post("/connections", connection).data(201);
    assertThat(stored.getString("key_fingerprint")).isEqualTo("****");

    assertThat(rotate(server, 2)).as("without the old one").isEqualTo(new Rotated(2, 0, 2, 0));
    assertThat(rotate(server, 2, 0)).isEqualTo(new Rotated(2, 2, 0, 0));
    assertThat(rotate(server, 2, 0)).isEqualTo(new Rotated(2, 0, 0, 0));

    JsonObject question = reader.question("Whose key?").put("key_mode", "byok_only");
    assertThat(reader.post("/conversations/messages", question).error(400))
        .as("this server does not have the new master key")
        .isEqualTo("E_LLM_NO_KEY");
    server.provider().plays(Script.answering("The server's"));
    reader.post("/conversations/messages", question.put("key_mode", "auto")).is(200);

    assertThat(rotate(server, 0, 2)).isEqualTo(new Rotated(1, 2, 0, 0));
    server.provider().plays(Script.answering("Mine again"));
    reader.post("/conversations/messages", question.put("key_mode", "byok_only")).is(200);
  }

  /** Rotates with master keys of so many times the same byte, the newest first. */
  static Rotated rotate(TestingServer server, int... ring) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LECTERN_DATABASE_URL", server.database.url().toString());
    environment.put("LECTERN_KEY_ENCRYPTION_KEY", key(ring[0]));
    if (ring.length > 1) {
      environment.put("LECTERN_KEY_ENCRYPTION_KEYS_OLD", key(ring[1]));
    }
    CommandLine line = CommandLine.parse(List.of("rotate-keys"));
    assertThat(line.rotateKeys()).isTrue();
    return KeyRotation.run(Config.read(line, environment));
  }

  private static String key(int of) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) of);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
