package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sharing a library: who may let whom in, and what they then can read. */
class MembersTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient ann;
  private TestingClient bob;
  private String library;

  @BeforeEach
  void people() {
    ann = server.newcomer();
    bob = server.newcomer();
    library = made(ann, "Reading circle");
  }

  private static String made(TestingClient who, String name) {
    return who.post("/libraries", new JsonObject().put("name", name)).data(201).getString("id");
  }

  private static JsonObject me(TestingClient who) {
    return who.get("/me").data(200).getJsonObject("user");
  }

  private static String id(TestingClient who) {
    return me(who).getString("id");
  }

  private static JsonObject joining(TestingClient who, String role) {
    return new JsonObject().put("email", me(who).getString("email")).put("role", role);
  }

  private Reply add(TestingClient by, TestingClient who, String role) {
    return by.post("/libraries/" + library + "/members", joining(who, role));
  }

  private String member(TestingClient who) {
    return "/libraries/" + library + "/members/" + id(who);
  }

  private Reply change(TestingClient by, TestingClient who, String role) {
    return by.ask("PATCH", member(who), new JsonObject().put("role", role));
  }

  private String shared(TestingClient who, String text) {
    JsonObject body = new JsonObject().put("text", text).put("library_id", library);
    return who.readable(who.post("/media/from_text", body).data(202).getJsonObject("media"))
        .getString("id");
  }

  private static Stream<JsonObject> objects(Reply reply) {
    return reply.list(200).stream().map(JsonObject.class::cast);
  }

  @Test
  void a_member_sees_what_the_library_holds_and_what_comes_later() {
    String before = shared(ann, "Here before.");
    JsonObject joined = add(ann, bob, "member").data(201);
    String after = shared(ann, "Here after.");

    assertThat(joined.getString("role")).isEqualTo("member");
    assertThat(joined.getBoolean("is_owner")).isFalse();
    assertThat(objects(bob.get("/media")).map(each -> each.getString("id")))
        .containsExactlyInAnyOrder(before, after);
    assertThat(objects(bob.get("/libraries/" + library + "/members")).map(x -> x.getString("role")))
        .containsExactly("admin", "member");
    JsonObject seen = bob.get("/libraries/" + library).data(200);
    assertThat(seen.getInteger("member_count")).isEqualTo(2);
    assertThat(seen.getInteger("media_count")).isEqualTo(2);
  }

  @Test
  void who_is_taken_out_keeps_only_what_they_have_for_another_reason() {
    add(ann, bob, "admin").is(201);
    String only = shared(ann, "Read in the circle alone.");
    String own = shared(bob, "Brought in by the one who leaves.");
    String twice = shared(ann, "In another circle as well.");
    String other = made(ann, "Another circle");
    ann.post("/libraries/" + other + "/members", joining(bob, "member")).is(201);
    ann.post("/libraries/" + other + "/media", new JsonObject().put("media_id", twice)).is(201);

    ann.delete(member(bob)).is(204);

    assertThat(bob.get("/libraries/" + library).error(404)).isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(bob.get("/media/" + only).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
    bob.get("/media/" + own).is(200);
    bob.get("/media/" + twice).is(200);
    ann.delete("/libraries/" + other + "/members/" + id(bob)).is(204);
    assertThat(bob.get("/media/" + twice).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
    ann.get("/media/" + only).is(200);
  }

  @Test
  void what_somebody_taken_out_quoted_is_shown_to_nobody_until_they_come_back() {
    add(ann, bob, "member").is(201);
    String media = shared(ann, "A line worth quoting.");
    JsonObject fragment = bob.fragment(new JsonObject().put("id", media));
    String mark = bob.highlighted(fragment, "worth quoting").getString("id");
    JsonObject sent =
        asked(bob, "/conversations/messages", bob.question("Is it?", "highlight", mark));
    String conversation = sent.getJsonObject("conversation").getString("id");
    String question = sent.getJsonObject("user_message").getString("id");
    assertThat(quotes(bob, question)).containsExactly("worth quoting");
    assertThat(quotingConversations(bob, media)).containsExactly(conversation);
    assertThat(quotingConversations(ann, media)).isEmpty();

    ann.delete(member(bob)).is(204);
    assertThat(quotes(bob, question)).isEmpty();
    assertThat(bob.get("/conversations/" + conversation + "/messages").is(200).text())
        .doesNotContain("worth quoting")
        .doesNotContain(mark);
    assertThat(bob.get("/media/" + media + "/conversations").error(404))
        .isEqualTo("E_MEDIA_NOT_FOUND");
    JsonObject again = bob.question("Is it?").put("replaces_message_id", question);
    asked(bob, "/conversations/" + conversation + "/messages", again);
    assertThat(server.provider().requests().getLast().body()).doesNotContain("worth quoting");

    add(ann, bob, "member").is(201);
    assertThat(quotes(bob, question)).containsExactly("worth quoting");
    assertThat(quotingConversations(bob, media)).containsExactly(conversation);
  }

  private static JsonObject asked(TestingClient who, String path, JsonObject question) {
    server.provider().plays(Script.answering("It is."));
    return who.post(path, question).data(200);
  }

  private static Stream<String> quotes(TestingClient who, String message) {
    return who.get("/messages/" + message).data(200).getJsonArray("contexts").stream()
        .map(each -> ((JsonObject) each).getString("quoted_text"));
  }

  private static Stream<String> quotingConversations(TestingClient who, String media) {
    return objects(who.get("/media/" + media + "/conversations")).map(each -> each.getString("id"));
  }

  @Test
  void conversations_that_quote_a_document_come_in_pages_the_last_quoted_first() {
    String media = ann.pasted("Quoted over and over.", "text").getString("id");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      JsonObject question = ann.question("Q" + i, "media", media);
      JsonObject sent = asked(ann, "/conversations/messages", question);
      all.addFirst(sent.getJsonObject("conversation").getString("id"));
    }
    String first = all.getLast();
    asked(ann, "/conversations/" + first + "/messages", ann.question("Again", "media", media));
    all.removeLast();
    all.addFirst(first);
    List<String> joined = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Reply page = ann.get("/media/" + media + "/conversations?limit=2" + cursor);
      objects(page).forEach(each -> joined.add(each.getString("id")));
      String next = page.json().getJsonObject("page").getString("next_cursor");
      cursor = next == null ? null : "&cursor=" + next;
    }
    assertThat(joined).isEqualTo(all);
  }

  @Test
  void marks_of_somebody_taken_out_are_there_again_when_they_come_back() {
    add(ann, bob, "member").is(201);
    String media = shared(ann, "A line worth marking.");
    JsonObject fragment = bob.fragment(new JsonObject().put("id", media));
    String mark = bob.highlighted(fragment, "worth").getString("id");
    bob.delete(member(bob)).is(204);
    assertThat(bob.get("/highlights/" + mark).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");

    add(ann, bob, "member").is(201);

    bob.get("/highlights/" + mark).is(200);
  }

  @Test
  void what_a_deleted_library_held_stays_with_its_members() {
    add(ann, bob, "member").is(201);
    String media = shared(ann, "Outlives the circle.");

    ann.delete("/libraries/" + library).is(204);

    bob.get("/media/" + media).is(200);
  }

  @Test
  void only_administrators_change_who_belongs() {
    add(ann, bob, "member").is(201);
    TestingClient eve = server.newcomer();

    assertThat(add(bob, eve, "member").error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(change(bob, bob, "admin").error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(bob.delete(member(ann)).error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(add(eve, eve, "admin").error(404)).isEqualTo("E_LIBRARY_NOT_FOUND");
    assertThat(change(ann, bob, "admin").data(200).getString("role")).isEqualTo("admin");
    add(bob, eve, "member").is(201);
  }

  @Test
  void a_library_keeps_its_owner_and_an_administrator() {
    assertThat(ann.delete(member(ann)).error(403)).isEqualTo("E_LAST_ADMIN_FORBIDDEN");
    assertThat(change(ann, ann, "member").error(403)).isEqualTo("E_LAST_ADMIN_FORBIDDEN");
    add(ann, bob, "admin").is(201);
    assertThat(bob.delete(member(ann)).error(403)).isEqualTo("E_FORBIDDEN");
    assertThat(change(bob, ann, "member").error(403)).isEqualTo("E_FORBIDDEN");
    bob.delete(member(bob)).is(204);
  }

  @Test
  void administrators_who_leave_at_once_leave_one_behind() {
    TestingClient eve = server.newcomer();
    add(ann, bob, "admin").is(201);
    add(ann, eve, "admin").is(201);

    List<CompletableFuture<Reply>> leaving =
        Stream.of(ann, bob, eve)
            .map(who -> CompletableFuture.supplyAsync(() -> who.delete(member(who))))
            .toList();

    assertThat(leaving.stream().map(each -> each.join().status()))
        .containsExactlyInAnyOrder(403, 204, 204);
  }

  @Test
  void adding_somebody_again_changes_nothing() {
    add(ann, bob, "admin").is(201);
    JsonObject again = add(ann, bob, "member").data(201);
    assertThat(again.getString("role")).isEqualTo("admin");
    assertThat(objects(ann.get("/libraries/" + library + "/members"))).hasSize(2);
  }

  @Test
  void addresses_are_found_in_any_spelling_and_unknown_ones_are_said_to_be() {
    JsonObject spelled =
        new JsonObject().put("email", "  " + me(bob).getString("email").toUpperCase() + " ");
    ann.post("/libraries/" + library + "/members", spelled).is(201);
    JsonObject nobody = new JsonObject().put("email", "nobody@example.org");
    assertThat(ann.post("/libraries/" + library + "/members", nobody).error(404))
        .isEqualTo("E_USER_NOT_FOUND");
    assertThat(
            ann.delete("/libraries/" + library + "/members/" + TestingClient.unknown()).error(404))
        .isEqualTo("E_USER_NOT_FOUND");
  }

  @Test
  void nobody_joins_a_default_library() {
    String first = ann.get("/libraries").list(200).getJsonObject(0).getString("id");
    assertThat(ann.post("/libraries/" + first + "/members", joining(bob, "member")).error(403))
        .isEqualTo("E_DEFAULT_LIBRARY_FORBIDDEN");
  }

  @Test
  void documents_are_listed_by_kind() {
    JsonObject page = ann.pasted("<p>A page.</p>", "html");
    ann.pasted("Some text.", "text");
    assertThat(objects(ann.get("/media?kind=web_article")).map(each -> each.getString("id")))
        .containsExactly(page.getString("id"));
    assertThat(ann.get("/media?kind=scroll").error(400)).isEqualTo("E_INVALID_REQUEST");
  }
}
