package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the database gave up for the sake of another transaction is done again, or told so. */
class GivingWayTest {
  private static final List<String> TABLES =
      List.of("message", "conversation", "library", "media", "highlight", "annotation");

  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient reader;
  private JsonObject ids;

  /** The database loses so many statements that delete or write, as in a deadlock. */
  @BeforeAll
  static void loses() {
    server.database.execute(
        """
        create sequence losses;
        create table to_lose (times int);
        insert into to_lose values (0);
        create function lose() returns trigger language plpgsql as $$
          begin
            if nextval('losses') <= (select times from to_lose) then
              raise exception 'gives way' using errcode = '40P01';
            end if;
            return null;
          end
        $$;
        """);
    for (String table : TABLES) {
      server.database.execute(
          "create trigger loses before delete on " + table + " execute function lose()");
    }
    server.database.execute(
        "create trigger loses_too before insert on message execute function lose()");
  }

  private static void losing(int times) {
    server.database.execute(
        "update to_lose set times = %d; alter sequence losses restart".formatted(times));
  }

  @BeforeEach
  void fill() {
    losing(0);
    reader = server.newcomer();
    JsonObject media = reader.pasted("There was a quiet pond.", "text");
    JsonObject fragment = reader.fragment(media);
    JsonObject highlight = reader.highlighted(fragment, "a quiet pond");
    reader
        .ask(
            "PUT",
            "/highlights/" + highlight.getString("id") + "/annotation",
            new JsonObject().put("body", "Mine"))
        .is(201);
    server.provider().plays(Script.answering("It was."));
    JsonObject question = reader.question("Was it?", "highlight", highlight.getString("id"));
    JsonObject sent = reader.post("/conversations/messages", question).data(200);
    JsonObject library = reader.post("/libraries", new JsonObject().put("name", "Mine")).data(201);
    ids =
        new JsonObject()
            .put("conversation", sent.getJsonObject("conversation").getString("id"))
            .put("message", sent.getJsonObject("user_message").getString("id"))
            .put("media", media.getString("id"))
            .put("highlight", highlight.getString("id"))
            .put("library", library.getString("id"));
  }

  static Stream<String> deletions() {
    return Stream.of(
        "/messages/{message}",
        "/conversations/{conversation}",
        "/media/{media}",
        "/libraries/{library}",
        "/highlights/{highlight}",
        "/highlights/{highlight}/annotation");
  }

  private String path(String template) {
    String path = template;
    for (String name : ids.fieldNames()) {
      path = path.replace("{" + name + "}", ids.getString(name));
    }
    return path;
  }

  @ParameterizedTest
  @MethodSource("deletions")
  void a_deletion_that_gave_way_is_done_again(String template) {
    losing(2);
    reader.delete(path(template)).is(204);
  }

  @ParameterizedTest
  @MethodSource("deletions")
  void a_deletion_that_always_gives_way_is_told_to_come_back(String template) {
    losing(1_000);
    Reply refused = reader.delete(path(template));
    assertThat(refused.error(503)).isEqualTo("E_UNAVAILABLE");
    assertThat(refused.header("Retry-After")).isNotNull();
    losing(0);
    reader.delete(path(template)).is(204);
  }

  @Test
  void a_send_that_gave_way_is_done_again() {
    String path = path("/conversations/{conversation}/messages");
    losing(2);
    reader.post(path, reader.question("And now?")).is(200);
    assertThat(reader.get(path).list(200)).hasSize(4);
  }
}
