package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.http.TestingContract;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is one reader's is not there for another, whatever they ask of it. */
class StrangersTest {
  private static final String HIGHLIGHTED = "a quiet pond";

  /** By the first parameter of a path: what a stranger is told. */
  private static final Map<String, String> CODES =
      Map.of(
          "library_id", "E_LIBRARY_NOT_FOUND",
          "media_id", "E_MEDIA_NOT_FOUND",
          "fragment_id", "E_MEDIA_NOT_FOUND",
          "highlight_id", "E_MEDIA_NOT_FOUND",
          "conversation_id", "E_CONVERSATION_NOT_FOUND",
          "message_id", "E_MESSAGE_NOT_FOUND",
          "key_id", "E_KEY_NOT_FOUND",
          "connection_id", "E_CONNECTION_NOT_FOUND");

  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient owner;
  private static TestingClient stranger;
  private static final Map<String, String> ids = new HashMap<>();

  @BeforeAll
  static void fill() {
    owner = server.newcomer();
    stranger = server.newcomer();
    ids.put(
        "library_id",
        owner.post("/libraries", new JsonObject().put("name", "Mine")).data(201).getString("id"));
    ids.put("user_id", owner.get("/me").data(200).getJsonObject("user").getString("id"));
    JsonObject key =
        new JsonObject().put("provider", "anthropic").put("api_key", "sk-" + "0".repeat(30));
    ids.put("key_id", owner.post("/keys", key).data(201).getString("id"));
    JsonObject connection =
        new JsonObject()
            .put("name", "Mine")
            .put("base_url", server.provider().baseUrl().toString());
    server.provider().plays(Script.status(404, "application/json").bytes("{}"));
    ids.put("connection_id", owner.post("/connections", connection).data(201).getString("id"));
    JsonObject media = owner.pasted("There was " + HIGHLIGHTED + ".", "text");
    ids.put("media_id", media.getString("id"));
    ids.put("name", "0123456789abcdef0123456789abcdef.png");
    JsonObject fragment = owner.fragment(media);
    ids.put("fragment_id", fragment.getString("id"));
    String highlight = owner.highlighted(fragment, HIGHLIGHTED).getString("id");
    ids.put("highlight_id", highlight);
    JsonObject note = new JsonObject().put("body", "Mine");
    String annotation =
        owner
            .ask("PUT", "/highlights/" + highlight + "/annotation", note)
            .data(201)
            .getString("id");
    ids.put("annotation_id", annotation);
    server.provider().plays(Script.answering("It was."));
    JsonObject sent =
        owner
            .post("/conversations/messages", owner.question("Was it?", "highlight", highlight))
            .data(200);
    ids.put("conversation_id", sent.getJsonObject("conversation").getString("id"));
    ids.put("message_id", sent.getJsonObject("assistant_message").getString("id"));
  }

  /** What is the server's is kept for who administers it, whoever else asks. */
  static Stream<String> ofSomething() {
    return TestingContract.lines().stream()
        .filter(line -> !line.contains(" /admin/"))
        .filter(line -> !TestingContract.pathNames(line).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("ofSomething")
  void a_stranger_finds_nothing_and_changes_nothing(String line) {
    List<JsonObject> before = everything();
    assertThat(asked(stranger, line).error(404))
        .isEqualTo(CODES.get(TestingContract.pathNames(line).getFirst()));
    assertThat(everything()).isEqualTo(before);
  }

  private static Reply asked(TestingClient who, String line) {
    String method = line.substring(0, line.indexOf(' '));
    String path = line.substring(line.indexOf(' ') + 1);
    for (Map.Entry<String, String> id : ids.entrySet()) {
      path = path.replace("{" + id.getKey() + "}", id.getValue());
    }
    return TestingContract.takesJson(line)
        ? who.ask(method, path, body(line))
        : who.ask(method, path);
  }

  /** A body that would do something, were it the owner's. */
  private static JsonObject body(String line) {
    JsonObject all =
        new JsonObject()
            .put("name", "Taken")
            .put("email", "nobody@example.org")
            .put("role", "admin")
            .put("title", "Taken")
            .put("body", "Taken")
            .put("media_id", ids.get("media_id"))
            .put("fragment_id", ids.get("fragment_id"))
            .put("text_offset", 1)
            .put("start_offset", 0)
            .put("end_offset", 5)
            .put("color", "pink")
            .put("content", "Taken?")
            .put("model_id", owner.model());
    Set<String> wanted =
        switch (line) {
          case "PATCH /libraries/{library_id}" -> Set.of("name");
          case "POST /libraries/{library_id}/media" -> Set.of("media_id");
          case "PATCH /connections/{connection_id}" -> Set.of("name");
          case "POST /libraries/{library_id}/members" -> Set.of("email");
          case "PATCH /libraries/{library_id}/members/{user_id}" -> Set.of("role");
          case "PUT /media/{media_id}/position" -> Set.of("fragment_id", "text_offset");
          case "POST /fragments/{fragment_id}/highlights" ->
              Set.of("start_offset", "end_offset", "color");
          case "PATCH /highlights/{highlight_id}" -> Set.of("color");
          case "PUT /highlights/{highlight_id}/annotation" -> Set.of("body");
          case "PATCH /conversations/{conversation_id}" -> Set.of("title");
          case "POST /conversations/{conversation_id}/messages" -> Set.of("content", "model_id");
          default -> throw new AssertionError("say what a body of " + line + " is");
        };
    all.fieldNames().retainAll(wanted);
    return all;
  }

  /** All that the owner can read. */
  private static List<JsonObject> everything() {
    return Stream.of(
            "/libraries",
            "/libraries/{library_id}/media",
            "/libraries/{library_id}/members",
            "/keys",
            "/connections",
            "/media",
            "/media/{media_id}/fragments",
            "/media/{media_id}/outline",
            "/fragments/{fragment_id}",
            "/media/{media_id}/highlights",
            "/media/{media_id}/conversations",
            "/media/{media_id}/position",
            "/conversations",
            "/conversations/{conversation_id}/messages")
        .map(path -> asked(owner, "GET " + path).is(200).json())
        .toList();
  }

  @Test
  void a_stranger_cannot_quote_what_is_not_theirs() {
    long before = server.count("message");
    for (String type : List.of("media", "highlight", "annotation", "message", "conversation")) {
      JsonObject question = stranger.question("What is it?", type, ids.get(type + "_id"));
      assertThat(stranger.post("/conversations/messages", question).error(404))
          .isEqualTo("E_NOT_FOUND");
    }
    assertThat(server.count("message")).isEqualTo(before);
  }

  @Test
  void a_stranger_cannot_put_what_is_not_theirs_into_a_library() {
    String library =
        stranger.post("/libraries", new JsonObject().put("name", "Own")).data(201).getString("id");
    JsonObject media = new JsonObject().put("media_id", ids.get("media_id"));
    assertThat(stranger.post("/libraries/" + library + "/media", media).error(404))
        .isEqualTo("E_MEDIA_NOT_FOUND");
    JsonObject pasted =
        new JsonObject().put("text", "Into yours").put("library_id", ids.get("library_id"));
    long before = server.count("media");
    assertThat(stranger.post("/media/from_text", pasted).error(404))
        .isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(server.count("media")).isEqualTo(before);
  }

  @Test
  void the_same_text_of_two_readers_is_two_documents() {
    JsonObject theirs = stranger.pasted("There was " + HIGHLIGHTED + ".", "text");
    assertThat(theirs.getString("id")).isNotEqualTo(ids.get("media_id"));
  }

  @Test
  void lists_show_a_stranger_nothing() {
    TestingClient other = server.newcomer();
    assertThat(other.get("/media").list(200)).isEmpty();
    assertThat(other.get("/conversations").list(200)).isEmpty();
    assertThat(other.get("/libraries").list(200)).hasSize(1);
  }
}
