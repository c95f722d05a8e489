package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How often a request asks the database: as often for many rows as for one. */
class StatementsTest {
  /** Sweeps ask, too; the fewest of so many measurements has none of theirs in it. */
  private static final int MEASUREMENTS = 8;

  private static final Pattern COUNTED =
      Pattern.compile("(?m)^vertx_sql_processing_time_seconds_count(?:\\{[^}]*})? ([0-9.E]+)$");

  @RegisterExtension static final TestingServer server = new TestingServer();

  private static Owner few;
  private static Owner many;

  /** A reader with so many of everything. */
  record Owner(
      TestingClient who, String library, String media, String fragment, String conversation) {

    static Owner of(int number) {
      TestingClient who = server.newcomer();
      String library =
          who.post("/libraries", new JsonObject().put("name", "L")).data(201).getString("id");
      JsonObject media = null;
      for (int i = 0; i < number; i++) {
        JsonObject text =
            new JsonObject().put("text", "A text " + i + " to mark").put("library_id", library);
        media = who.readable(who.post("/media/from_text", text).data(202).getJsonObject("media"));
        who.post("/libraries", new JsonObject().put("name", "L" + i)).is(201);
        who.ask("POST", "/conversations").is(201);
      }
      JsonObject fragment = who.fragment(media);
      String conversation = who.ask("POST", "/conversations").data(201).getString("id");
      for (int i = 0; i < number; i++) {
        JsonObject marked =
            new JsonObject().put("start_offset", i).put("end_offset", 10).put("color", "blue");
        String highlight =
            who.post("/fragments/" + fragment.getString("id") + "/highlights", marked)
                .data(201)
                .getString("id");
        server.provider().plays(Script.answering("Yes."));
        JsonObject question = who.question("Really?", "highlight", highlight);
        who.post("/conversations/" + conversation + "/messages", question).is(200);
      }
      return new Owner(who, library, media.getString("id"), fragment.getString("id"), conversation);
    }

    String in(String path) {
      return path.replace("{library_id}", library)
          .replace("{media_id}", media)
          .replace("{fragment_id}", fragment)
          .replace("{conversation_id}", conversation);
    }
  }

  @BeforeAll
  static void fill() {
    few = Owner.of(1);
    many = Owner.of(6);
  }

  static Stream<String> lists() {
    return Stream.of(
        "/libraries",
        "/libraries/{library_id}/media",
        "/libraries/{library_id}/members",
        "/media",
        "/media/{media_id}/fragments",
        "/media/{media_id}/outline",
        "/media/{media_id}/highlights",
        "/media/{media_id}/conversations",
        "/fragments/{fragment_id}/highlights",
        "/conversations",
        "/conversations/{conversation_id}/messages");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void a_list_of_many_takes_no_more_statements_than_a_list_of_one(String path) {
    int one = statements(() -> few.who().get(few.in(path)).is(200));
    int several = statements(() -> many.who().get(many.in(path)).is(200));
    assertThat(several).isEqualTo(one).isBetween(1, 2);
  }

  @Test
  void a_send_takes_as_many_statements_with_six_quotes_as_with_one() {
    assertThat(ofSend(6)).isEqualTo(ofSend(1)).isEqualTo(5);
  }

  @Test
  void every_question_about_conversations_takes_a_stated_number_of_statements() {
    TestingClient who = many.who();
    String conversation = "/conversations/" + many.conversation();
    JsonObject last =
        who.get(conversation + "/messages?from=newest&limit=1").list(200).getJsonObject(0);
    String message = "/messages/" + last.getString("id");
    assertThat(statements(() -> who.get(conversation).is(200))).isEqualTo(1);
    assertThat(statements(() -> who.get(message).is(200))).isEqualTo(1);
    assertThat(statements(() -> who.ask("POST", message + "/stop").is(200))).isEqualTo(1);
    assertThat(statements(() -> who.watch(last.getString("id"), null).toEnd())).isEqualTo(1);
    assertThat(statements(() -> who.get("/models").is(200))).isBetween(1, 2);
    assertThat(statements(() -> who.ask("POST", "/conversations").is(201))).isEqualTo(1);
    JsonObject title = new JsonObject().put("title", "Named");
    assertThat(statements(() -> who.ask("PATCH", conversation, title).is(200))).isEqualTo(1);
    assertThat(
            statements(
                () -> {
                  String id = who.ask("POST", "/conversations").data(201).getString("id");
                  who.delete("/conversations/" + id).is(204);
                }))
        .isEqualTo(2);
  }

  @Test
  void a_turn_that_takes_another_ones_place_asks_once_more_what_that_one_quoted() {
    TestingClient who = many.who();
    JsonObject question = who.question("Really?");
    JsonObject sent = who.post("/conversations/messages", question).data(200);
    String path =
        "/conversations/" + sent.getJsonObject("conversation").getString("id") + "/messages";
    JsonObject next = who.question("And?");
    int plain = statements(() -> who.post(path, next).is(200));
    JsonObject again =
        who.question("Really?")
            .put("replaces_message_id", sent.getJsonObject("user_message").getString("id"));
    assertThat(statements(() -> who.post(path, again).is(200))).isEqualTo(plain + 1).isEqualTo(6);
  }

  private static int ofSend(int quotes) {
    JsonObject question = many.who().question("Really?");
    question.put(
        "contexts",
        many
            .who()
            .get("/media/" + many.media() + "/highlights")
            .data(200)
            .getJsonArray("highlights")
            .stream()
            .limit(quotes)
            .map(JsonObject.class::cast)
            .map(each -> new JsonObject().put("type", "highlight").put("id", each.getString("id")))
            .toList());
    return statements(
        () -> {
          server.provider().plays(Script.answering("Yes."));
          many.who().post("/conversations/messages", question).is(200);
        });
  }

  private static int statements(Runnable request) {
    return IntStream.range(0, MEASUREMENTS)
        .map(
            _ -> {
              int before = counted();
              request.run();
              return counted() - before;
            })
        .min()
        .orElseThrow();
  }

  private static int counted() {
    Matcher matcher = COUNTED.matcher(server.anybody().get("/metrics").is(200).text());
    assertThat(matcher.find()).as("the pool counts its statements").isTrue();
    return (int) Double.parseDouble(matcher.group(1));
  }
}
