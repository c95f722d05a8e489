package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import lectern.TestingStream.Event;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The newcomer's path over HTTP, from an account to an answer about a quoted passage. */
class ThinThreadTest {
  private static final String MARKDOWN =
      """
      # On Attention

      Walden is not an argument for poverty. It is an argument for *attention* 🌲 and for
      deliberate days.

      - One
      - Two
      """;

  @RegisterExtension static final TestingServer server = new TestingServer();

  @Test
  void a_newcomer_reads_quotes_asks_and_finds_it_all_again_after_a_restart() {
    TestingClient first = server.newcomer();
    JsonObject me = first.get("/me").data(200);
    assertThat(me.getJsonObject("user").getBoolean("is_admin")).isTrue();
    assertThat(server.newcomer().get("/me").data(200).getJsonObject("user").getBoolean("is_admin"))
        .isFalse();

    JsonObject media = first.pasted(MARKDOWN, "markdown");
    assertThat(media.getString("title")).isEqualTo("On Attention");
    assertThat(media.getJsonObject("capabilities").getBoolean("can_quote")).isTrue();
    JsonObject fragment = first.fragment(media);
    JsonObject highlight = first.highlighted(fragment, "attention 🌲 and for");
    assertThat(highlight.getString("exact")).isEqualTo("attention 🌲 and for");
    String highlightPath = "/highlights/" + highlight.getString("id");
    first
        .ask("PUT", highlightPath + "/annotation", new JsonObject().put("body", "The heart of it"))
        .is(201);

    String conversation = first.ask("POST", "/conversations").data(201).getString("id");
    String messages = "/conversations/" + conversation + "/messages";
    server.provider().plays(Script.answering("Hello", "."), Script.answering("For ", "attention."));
    JsonObject sent = first.post(messages, first.question("Good morning")).data(200);
    assertThat(sent.getJsonObject("assistant_message").getString("content")).isEqualTo("Hello.");
    server.provider().nextRequest();

    TestingStream stream =
        first.stream(
            messages + "?stream=1",
            first.question("What is it for?", "highlight", highlight.getString("id")));
    List<Event> events = stream.toEnd();
    assertThat(events.getFirst().type()).isEqualTo("meta");
    assertThat(events.subList(1, events.size() - 1)).allMatch(e -> e.type().equals("delta"));
    assertThat(events).extracting(Event::id).doesNotContainNull();
    assertThat(stream.text()).isEqualTo("For attention.");
    JsonObject done = events.getLast().data();
    JsonObject usage = (JsonObject) done.remove("usage");
    assertThat(done)
        .isEqualTo(
            new JsonObject()
                .put("status", "complete")
                .putNull("error_code")
                .putNull("error_message")
                .put("finish_reason", "stop")
                .put("final_chars", 14));
    String prompt = server.provider().nextRequest().json().getJsonArray("messages").encode();
    assertThat(prompt).contains("> attention 🌲 and for");

    JsonArray stored = first.get(messages).list(200);
    assertThat(stored).hasSize(4);
    assertThat(stored.getJsonObject(3).getJsonObject("usage")).isEqualTo(usage);
    assertThat(usage.getInteger("total_tokens")).isEqualTo(25);
    assertThat(usage.getString("model_name")).isEqualTo("gpt-test-2026");
    JsonObject context = stored.getJsonObject(2).getJsonArray("contexts").getJsonObject(0);
    assertThat(context.getString("quoted_text")).isEqualTo("attention 🌲 and for");
    assertThat(context.getString("media_id")).isEqualTo(media.getString("id"));
    String quoting = "/media/" + media.getString("id") + "/conversations";
    assertThat(first.get(quoting).list(200).getJsonObject(0).getString("id"))
        .isEqualTo(conversation);

    server.restart();
    assertThat(first.get(messages).list(200)).isEqualTo(stored);
    assertThat(first.get(highlightPath).data(200).getJsonObject("annotation").getString("body"))
        .isEqualTo("The heart of it");
    assertThat(first.get(quoting).list(200)).hasSize(1);

    first.delete(highlightPath).is(204);
    assertThat(first.get(quoting).list(200)).isEmpty();
    assertThat(server.count("conversation_media")).isZero();
    assertThat(first.get(messages).list(200)).hasSize(4);
  }
}
