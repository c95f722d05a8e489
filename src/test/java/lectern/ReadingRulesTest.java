package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client is told of libraries and marks, and which of several noes comes first. */
class ReadingRulesTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient ann;
  private TestingClient bob;

  @BeforeEach
  void people() {
    ann = server.newcomer();
    bob = server.newcomer();
  }

  private static JsonObject named(String name) {
    return new JsonObject().put("name", name);
  }

  private static JsonObject span(int start, int end, String color) {
    return new JsonObject().put("start_offset", start).put("end_offset", end).put("color", color);
  }

  @Test
  void libraries_are_listed_from_the_oldest_at_most_200_of_them() {
    IntStream.range(0, 3).forEach(i -> ann.post("/libraries", named("L" + i)).data(201));

    JsonArray two = ann.get("/libraries?limit=2").list(200);
    assertThat(two).hasSize(2);
    assertThat(two.getJsonObject(0).getBoolean("is_default")).isTrue();
    assertThat(two.getJsonObject(1).getString("name")).isEqualTo("L0");
    assertThat(ann.get("/libraries?limit=100000").list(200)).hasSize(4);
    assertThat(ann.get("/libraries?limit=0").error(400)).isEqualTo("E_INVALID_REQUEST");
  }

  @Test
  void a_library_has_a_name_of_1_to_100_characters() {
    assertThat(ann.post("/libraries", named("  Birds ")).data(201).getString("name"))
        .isEqualTo("Birds");
    assertThat(ann.post("/libraries", named("   ")).error(400)).isEqualTo("E_NAME_INVALID");
    assertThat(ann.post("/libraries", named("")).error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(ann.post("/libraries", named("x".repeat(101))).error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  @Test
  void who_is_no_member_sees_no_library_and_the_default_one_stays_as_it_is() {
    String library = "/libraries/" + ann.post("/libraries", named("L")).data(201).getString("id");
    String own = "/libraries/" + ann.get("/libraries").list(200).getJsonObject(0).getString("id");

    assertThat(bob.get(library).error(404)).isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(bob.ask("PATCH", library, named("M")).error(404)).isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(bob.delete(library).error(404)).isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(ann.ask("PATCH", own, named("M")).error(403))
        .isEqualTo("E_DEFAULT_LIBRARY_FORBIDDEN");
    assertThat(ann.delete(own).error(403)).isEqualTo("E_DEFAULT_LIBRARY_FORBIDDEN");
    ann.delete(library).is(204);
  }

  @Test
  void a_document_is_put_into_a_library_once_and_is_taken_out_once() {
    String library = "/libraries/" + ann.post("/libraries", named("L")).data(201).getString("id");
    JsonObject media = ann.pasted("Words of " + library, "text");
    JsonObject wish = new JsonObject().put("media_id", media.getString("id"));

    JsonObject put = ann.post(library + "/media", wish).data(201);
    assertThat(ann.post(library + "/media", wish).data(201)).isEqualTo(put);
    JsonObject held = ann.get(library + "/media").list(200).getJsonObject(0);
    assertThat(held.getJsonObject("capabilities").getBoolean("can_read")).isTrue();

    String there = library + "/media/" + media.getString("id");
    ann.delete(there).is(204);
    assertThat(ann.delete(there).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
  }

  @Test
  void a_mark_is_refused_for_the_first_of_its_faults() {
    JsonObject media = ann.pasted("Twelve chars of text " + System.nanoTime(), "text");
    String marks = "/fragments/" + ann.fragment(media).getString("id") + "/highlights";
    String first = ann.post(marks, span(0, 6, "yellow")).data(201).getString("id");

    assertThat(bob.post(marks, span(6, 2, "yellow")).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
    assertThat(ann.post(marks, span(-1, 2, "yellow")).error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(ann.post(marks, span(0, 6, "mauve")).error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(ann.post(marks, span(6, 6, "yellow")).error(400))
        .isEqualTo("E_HIGHLIGHT_INVALID_RANGE");
    assertThat(ann.post(marks, span(0, 10_000, "yellow")).error(400))
        .isEqualTo("E_HIGHLIGHT_INVALID_RANGE");
    assertThat(ann.post(marks, span(0, 6, "green")).error(409)).isEqualTo("E_HIGHLIGHT_CONFLICT");
    String second = ann.post(marks, span(3, 9, "green")).data(201).getString("id");
    assertThat(ann.ask("PATCH", "/highlights/" + second, span(0, 6, "blue")).error(409))
        .isEqualTo("E_HIGHLIGHT_CONFLICT");

    notReady(media);
    assertThat(ann.post(marks, span(6, 2, "yellow")).error(409)).isEqualTo("E_MEDIA_NOT_READY");
    assertThat(ann.ask("PATCH", "/highlights/" + first, span(0, 6, "yellow")).error(409))
        .isEqualTo("E_MEDIA_NOT_READY");
    assertThat(ann.get(marks).data(200).getJsonArray("highlights")).hasSize(2);
    ann.delete("/highlights/" + second).is(204);
    assertThat(ann.delete("/highlights/" + second).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
  }

  private static void notReady(JsonObject media) {
    server.database.execute(
        "update media set processing_status = 'failed' where id = '%s'"
            .formatted(media.getString("id")));
  }

  @Test
  void a_note_is_made_then_replaced_and_its_removal_is_no_news_twice() {
    JsonObject media = ann.pasted("Noted words " + System.nanoTime(), "text");
    String mark = "/highlights/" + ann.highlighted(ann.fragment(media), "words").getString("id");
    String note = mark + "/annotation";

    ann.ask("PUT", note, new JsonObject().put("body", "One")).data(201);
    ann.ask("PUT", note, new JsonObject().put("body", "Two")).data(200);
    assertThat(ann.get(mark).data(200).getJsonObject("annotation").getString("body"))
        .isEqualTo("Two");
    ann.ask("PUT", note, new JsonObject().put("body", " \n ")).is(400);
    ann.ask("PUT", note, new JsonObject().put("body", "")).is(400);
    assertThat(bob.ask("PUT", note, new JsonObject().put("body", "Mine")).error(404))
        .isEqualTo("E_MEDIA_NOT_FOUND");
    ann.delete(note).is(204);
    ann.delete(note).is(204);
    assertThat(ann.get(mark).data(200).getValue("annotation")).isNull();
  }
}
