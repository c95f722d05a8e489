package lectern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lectern.TestingClient.Reply;
import lectern.library.document.TestingEpub;
import lectern.library.document.pdf.TestingPdf;
import lectern.net.TestingSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Books and articles from their address to the reader, over the time that takes. */
@Timeout(60)
class BroughtByAddressTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static final String STORY =
      "<p>" + "We walk to think, and think of walking, until the road ends. ".repeat(6) + "</p>";

  private static TestingSite site;

  private TestingClient reader;
  private String path;
  private final List<NetSocket> held = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    site = TestingSite.start(server.vertx());
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @BeforeEach
  void begin() {
    reader = server.newcomer();
    path = "/" + UUID.randomUUID();
  }

  private static String wished(TestingClient who, String path) {
    return who.post("/media/from_url", new JsonObject().put("url", site.url(path)))
        .data(202)
        .getJsonObject("media")
        .getString("id");
  }

  private static JsonObject ready(TestingClient who, String id) {
    return who.until(
            "/media/" + id,
            reply -> reply.data(200).getString("processing_status").startsWith("ready"))
        .data(200);
  }

  private void until(int count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (held.size() < count) {
      assertThat(System.nanoTime()).as("%d came", held.size()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void give(NetSocket socket, String type, byte[] body) {
    socket.write(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(type, body.length));
    socket.end(Buffer.buffer(body));
  }

  @Test
  void a_book_is_read_and_its_file_kept() {
    byte[] book =
        new TestingEpub()
            .metadata("<dc:title>Ponds</dc:title><dc:creator>Ann</dc:creator>")
            .chapter("one.xhtml", "<h1>Water</h1><p>Still.</p>")
            .chapter("two.xhtml", "<h1>Reed</h1><p>Bent.</p>")
            .bytes();
    site.serves(path + "/ponds.epub", "application/epub+zip", book);

    JsonObject media = ready(reader, wished(reader, path + "/ponds.epub"));

    assertThat(media.getString("kind")).isEqualTo("epub");
    assertThat(media.getString("title")).isEqualTo("Ponds");
    assertThat(media.getString("author")).isEqualTo("Ann");
    assertThat(media.getJsonObject("capabilities").getBoolean("can_download_file")).isTrue();
    assertThat(reader.get("/media/" + media.getString("id") + "/fragments").list(200)).hasSize(2);
    assertThat(reader.get("/media/" + media.getString("id") + "/file").header("Content-Length"))
        .isEqualTo("" + book.length);
  }

  @Test
  void a_pdf_is_read_whatever_the_server_calls_it() {
    for (String type : List.of("application/pdf", "application/octet-stream")) {
      byte[] paper;
      try (TestingPdf made = new TestingPdf()) {
        paper = made.text(72, 700, 12, "Of hedges, " + type).bytes();
      }
      String at = path + "/" + Math.abs(type.hashCode()) + ".pdf";
      site.serves(at, type, paper);

      JsonObject media = ready(reader, wished(reader, at));

      assertThat(media.getString("kind")).isEqualTo("pdf");
      assertThat(media.getJsonObject("capabilities").getBoolean("can_quote")).isTrue();
      assertThat(reader.fragment(media).getString("canonical_text")).startsWith("Of hedges");
    }
  }

  @Test
  void the_same_article_brought_by_two_readers_at_one_moment_is_stored_once() {
    site.plays(path, held::add);
    TestingClient other = server.newcomer();
    wished(reader, path);
    wished(other, path);
    until(2);
    String page = "<title>Once</title><article><h1>Once</h1>" + STORY.repeat(3) + "</article>";
    held.forEach(socket -> give(socket, "text/html", page.getBytes(UTF_8)));

    JsonObject mine = only(reader);
    JsonObject theirs = only(other);

    assertThat(mine.getString("id")).isEqualTo(theirs.getString("id"));
    assertThat(server.count("media where canonical_url = '" + site.url(path) + "'")).isEqualTo(1);
    assertThat(server.count("media where requested_url = '" + site.url(path) + "'")).isEqualTo(1);
  }

  /** Their one document, once it is there to be read. */
  private static JsonObject only(TestingClient who) {
    Reply reply =
        who.until(
            "/media",
            each -> {
              JsonArray listed = each.list(200);
              return listed.size() == 1
                  && listed.getJsonObject(0).getString("processing_status").startsWith("ready");
            });
    return reply.list(200).getJsonObject(0);
  }

  @Test
  void how_far_it_is_can_be_seen_at_every_step() {
    site.plays(path, held::add);
    site.plays(path + ".png", held::add);
    String id = wished(reader, path);
    until(1);
    JsonObject fetched =
        reader.until("/media/" + id, each -> "fetching".equals(stage(each.data(200)))).data(200);
    assertThat(fetched.getString("processing_status")).isEqualTo("extracting");
    assertThat(fetched.getInteger("processing_percent")).isNull();
    assertThat(fetched.getJsonObject("capabilities").getBoolean("can_read")).isFalse();

    String page =
        "<title>Seen</title><article>%s<img src='%s.png' alt='x'>%s</article>"
            .formatted(STORY, path, STORY);
    give(held.getFirst(), "text/html", page.getBytes(UTF_8));
    until(2);
    JsonObject pictured =
        reader
            .until("/media/" + id, each -> each.data(200).getInteger("processing_percent") != null)
            .data(200);
    assertThat(stage(pictured)).isEqualTo("fetching");
    assertThat(pictured.getInteger("processing_percent")).isEqualTo(30);

    give(held.get(1), "image/png", TestingEpub.png(9, 9));
    JsonObject done = ready(reader, id);
    assertThat(stage(done)).isNull();
    assertThat(done.getInteger("processing_percent")).isNull();
    assertThat(done.getJsonObject("capabilities").getBoolean("can_read")).isTrue();
    assertThat(reader.fragment(done).getString("html_sanitized")).contains("src=\"images/");
  }

  private static String stage(JsonObject media) {
    return media.getString("processing_stage");
  }

  @Test
  void a_hundred_pictures_of_an_article_are_brought_and_no_more() {
    StringBuilder page = new StringBuilder("<title>Many</title><article>");
    IntStream.range(0, 130)
        .forEach(i -> page.append(STORY).append("<img src='%s/%d' alt='n'>".formatted(path, i)));
    site.serves(path, "text/html", page.append("</article>").toString());

    ready(reader, wished(reader, path));

    assertThat(site.requests())
        .filteredOn(head -> head.startsWith("GET " + path + "/"))
        .hasSize(100);
  }

  @Test
  void an_article_is_called_what_it_is_called_without_its_site() {
    String page =
        "<meta property=og:site_name content='The Walker'><title>Hedges | The Walker</title><article>%s</article>"
            .formatted(STORY.repeat(3));
    site.serves(path, "text/html", page);
    assertThat(ready(reader, wished(reader, path)).getString("title")).isEqualTo("Hedges");
  }
}
