package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lectern.TestingClient.Reply;
import lectern.library.document.TestingEpub;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Books from the upload to the page, over HTTP. */
class BooksTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient reader;
  private static JsonObject book;
  private static String path;

  @BeforeAll
  static void bringIn() {
    reader = server.newcomer();
    TestingEpub epub =
        new TestingEpub()
            .metadata("<dc:title>Ponds</dc:title><dc:creator>Ann</dc:creator>")
            .file("OPS/a.png", TestingEpub.png(7, 5))
            .chapter("one.xhtml", "<h1>Water</h1><p><a href='two.xhtml#reed'>On</a>.</p>")
            .chapter("two.xhtml", "<h1>Plants</h1><p>A <i id='reed'>reed</i>.</p>")
            .chapter("three.xhtml", "<p><img src='a.png' alt='A pond'/></p>");
    book = brought("ponds.epub", epub);
    path = "/media/" + book.getString("id");
  }

  private static JsonObject brought(String filename, TestingEpub epub) {
    Reply reply = reader.upload(filename, Buffer.buffer(epub.bytes()));
    String id = reply.data(202).getJsonObject("media").getString("id");
    return reader
        .until(
            "/media/" + id,
            each ->
                !List.of("pending", "extracting")
                    .contains(each.data(200).getString("processing_status")))
        .data(200);
  }

  @Test
  void a_book_has_a_title_an_author_and_chapters() {
    assertThat(book.getString("kind")).isEqualTo("epub");
    assertThat(book.getString("title")).isEqualTo("Ponds");
    assertThat(book.getString("author")).isEqualTo("Ann");
    assertThat(book.getJsonObject("capabilities").getBoolean("can_quote")).isTrue();
    assertThat(reader.get(path + "/fragments").list(200)).hasSize(3);
  }

  @Test
  void its_chapters_come_in_pages_and_without_their_texts() {
    Reply first = reader.get(path + "/fragments?limit=2&content=false");
    JsonObject water = first.list(200).getJsonObject(0);
    assertThat(water.getString("title")).isEqualTo("Water");
    assertThat(water.getInteger("length")).isEqualTo("Water\n\nOn.".length());
    assertThat(water.getString("canonical_text")).isEmpty();

    String cursor = first.json().getJsonObject("page").getString("next_cursor");
    Reply rest = reader.get(path + "/fragments?limit=2&cursor=" + cursor);
    assertThat(rest.list(200)).hasSize(1);
    assertThat(rest.json().getJsonObject("page").getString("next_cursor")).isNull();
    assertThat(
            reader.get("/fragments/" + water.getString("id")).data(200).getString("canonical_text"))
        .isEqualTo("Water\n\nOn.");
  }

  @Test
  void its_outline_and_its_links_lead_to_places() {
    JsonObject plants = reader.get(path + "/outline").list(200).getJsonObject(1);
    assertThat(plants.getString("title")).isEqualTo("Plants");
    assertThat(plants.getInteger("fragment_idx")).isEqualTo(1);
    assertThat(plants.getInteger("text_offset")).isZero();
    assertThat(html(0)).contains("<a href=\"#fragment-1-" + "Plants\n\nA ".length() + "\">On</a>");
  }

  private static String html(int chapter) {
    return reader
        .get(path + "/fragments")
        .list(200)
        .getJsonObject(chapter)
        .getString("html_sanitized");
  }

  @Test
  void its_pictures_are_served_to_its_readers_and_kept_by_browsers() {
    Matcher source = Pattern.compile("src=\"(images/[^\"]+)\"").matcher(html(2));
    assertThat(source.find()).isTrue();
    String picture = path + "/" + source.group(1);

    Reply reply = reader.get(picture);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("image/png");
    assertThat(reply.header("Content-Length")).isEqualTo("" + TestingEpub.png(7, 5).length);
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("Cache-Control")).contains("private").contains("immutable");
    Map<String, String> known = Map.of("If-None-Match", reply.header("ETag"));
    assertThat(reader.raw("GET", picture, null, known).status()).isEqualTo(304);
    assertThat(server.newcomer().get(picture).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
  }

  @Test
  void a_book_that_cannot_be_read_ends_with_a_sentence() {
    JsonObject failed = brought("broken.epub", new TestingEpub().without("META-INF/container.xml"));
    assertThat(failed.getString("processing_status")).isEqualTo("failed");
    assertThat(failed.getString("last_error_message")).contains("not an EPUB");
  }
}
