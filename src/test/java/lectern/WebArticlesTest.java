package lectern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import lectern.net.TestingSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of a small site, from their address to the reader, over HTTP on both sides. */
@Timeout(60)
class WebArticlesTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static final String SENTENCE =
      "We walk to think, and think of walking, of hedges and of weather, until the road ends. ";
  private static final String STORY = "<p>" + SENTENCE.repeat(4) + "</p>";

  private static TestingSite site;

  private TestingClient reader;
  private String path;

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

  private static JsonObject wish(String url) {
    return new JsonObject().put("url", url);
  }

  private static String page(String head, String body) {
    return "<!doctype html><html lang=en><head>%s</head><body>%s</body></html>"
        .formatted(head, body);
  }

  private static String article(String title, String body) {
    return page(
        "<title>" + title + "</title>",
        "<nav><a href=/>Home</a> <a href=/shop>Shop</a></nav><article><h1>%s</h1>%s</article><footer>Nobody's rights reserved</footer>"
            .formatted(title, body));
  }

  private JsonObject wished(TestingClient who, String url) {
    return who.post("/media/from_url", wish(url)).data(202).getJsonObject("media");
  }

  private JsonObject settled(JsonObject media) {
    return reader
        .until(
            "/media/" + media.getString("id"),
            reply ->
                List.of("ready_for_reading", "failed")
                    .contains(reply.data(200).getString("processing_status")))
        .data(200);
  }

  private JsonObject read(String url) {
    JsonObject media = settled(wished(reader, url));
    assertThat(media.getString("processing_status"))
        .as(media.encode())
        .isEqualTo("ready_for_reading");
    return media;
  }

  private JsonObject fragment(JsonObject media) {
    JsonObject listed =
        reader.get("/media/" + media.getString("id") + "/fragments").list(200).getJsonObject(0);
    return listed;
  }

  private JsonObject failed(String url) {
    JsonObject media = settled(wished(reader, url));
    assertThat(media.getString("processing_status")).as(media.encode()).isEqualTo("failed");
    assertThat(media.getString("last_error_message")).endsWith(".").doesNotContain("127.0.0.1");
    return media;
  }

  private void fails(String code, String url) {
    assertThat(failed(url).getString("last_error_code")).isEqualTo(code);
  }

  @Test
  void a_page_becomes_an_article_without_what_stands_around_it() {
    site.serves(
        path,
        "text/html; charset=utf-8",
        page(
            "<title>On Walking</title><meta name=author content='Ann Bell'>",
            "<nav><a href=/>Home</a></nav><article><h1>On Walking</h1>"
                + STORY.repeat(5)
                + "<p>See <a href='/roads'>roads</a>.</p></article><aside><p>Buy shoes</p></aside>"));
    JsonObject pending = wished(reader, site.url(path));
    assertThat(pending.getString("kind")).isEqualTo("web_article");
    assertThat(pending.getString("title")).isEqualTo(site.url(path));

    JsonObject media = settled(pending);

    assertThat(media.getString("title")).isEqualTo("On Walking");
    assertThat(media.getString("author")).isEqualTo("Ann Bell");
    assertThat(media.getString("language")).isEqualTo("en");
    assertThat(media.getString("canonical_source_url")).isEqualTo(site.url(path));
    assertThat(media.getJsonObject("capabilities").getBoolean("can_quote")).isTrue();
    assertThat(media.getJsonObject("capabilities").getBoolean("can_download_file")).isFalse();
    JsonObject fragment = fragment(media);
    assertThat(fragment.getString("canonical_text"))
        .contains("hedges")
        .doesNotContain("Home", "Buy shoes");
    assertThat(fragment.getString("html_sanitized")).contains("href=\"" + site.url("/roads"));
    assertThat(reader.highlighted(fragment, "of hedges").getString("exact")).isEqualTo("of hedges");
  }

  @ParameterizedTest
  @CsvSource({
    "text/html; charset=windows-1251, windows-1251, ''",
    "text/html, windows-1251, <meta charset=windows-1251>",
    "text/html; charset=utf-8, UTF-8, <meta charset=windows-1251>",
    "text/html; charset=koi8-r, KOI8-R, ''",
    "text/html;charset=\"UTF-16LE\", UTF-16LE, ''"
  })
  void the_servers_word_for_the_encoding_is_taken_before_the_pages(
      String type, String charset, String head) throws IOException {
    String words = "Всякая дорога ведёт куда-нибудь. ".repeat(12);
    site.serves(path, type, page(head, "<p>" + words + "</p>").getBytes(charset));
    assertThat(fragment(read(site.url(path))).getString("canonical_text"))
        .contains("Всякая дорога ведёт");
  }

  @Test
  void a_page_is_kept_under_the_address_its_redirects_led_to() {
    site.redirects(path, path + "/b").redirects(path + "/b", path + "/c?id=1");
    site.serves(path + "/c?id=1", "text/html", article("C", STORY));
    JsonObject media = read(site.url(path));
    assertThat(media.getString("canonical_source_url")).isEqualTo(site.url(path + "/c?id=1"));
  }

  @Test
  void the_same_article_is_kept_once_for_all_who_bring_it_in() {
    String tracked = path + "?utm_source=mail";
    String head = "<title>Once</title><link rel=canonical href='" + path + "'>";
    site.serves(path, "text/html", page(head, "<article>" + STORY + "</article>"));
    site.serves(tracked, "text/html", page(head, "<article>" + STORY + "</article>"));
    JsonObject first = read(site.url(tracked));
    assertThat(first.getString("canonical_source_url")).isEqualTo(site.url(path));

    TestingClient other = server.newcomer();
    JsonObject brought = other.post("/media/from_url", wish(site.url(path))).data(202);
    assertThat(brought.getJsonObject("media").getString("id")).isEqualTo(first.getString("id"));
    assertThat(brought.getBoolean("duplicate")).isFalse();
    assertThat(
            reader.post("/media/from_url", wish(site.url(path))).data(202).getBoolean("duplicate"))
        .isTrue();

    TestingClient third = server.newcomer();
    String library =
        third.post("/libraries", new JsonObject().put("name", "L")).data(201).getString("id");
    third.post("/media/from_url", wish(site.url(tracked)).put("library_id", library)).data(202);
    JsonArray held =
        third
            .until(
                "/libraries/" + library + "/media",
                reply -> has(reply.list(200), first.getString("id")))
            .list(200);
    assertThat(held).hasSize(1);
    assertThat(third.get("/media").list(200)).hasSize(1);
  }

  private static boolean has(JsonArray media, String id) {
    return media.stream().anyMatch(each -> ((JsonObject) each).getString("id").equals(id));
  }

  @Test
  void a_page_does_not_choose_another_pages_address() {
    for (String own : List.of("/elsewhere", path + "?id=2", "http://example.org" + path)) {
      String from = path + "?id=1&n=" + Math.abs(own.hashCode());
      String head = "<title>Mine</title><link rel=canonical href='" + own + "'>";
      site.serves(from, "text/html", page(head, STORY));
      assertThat(read(site.url(from)).getString("canonical_source_url")).isEqualTo(site.url(from));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, walden.txt, text, 'Two roads.'",
    "text/markdown; charset=utf-8, walden.md, text, '# Roads'",
    "application/octet-stream, walden.md, text, '# Roads'"
  })
  void a_file_is_brought_in_as_what_it_is(String type, String name, String kind, String body) {
    site.serves(path + "/" + name, type, body);
    JsonObject media = read(site.url(path + "/" + name));
    assertThat(media.getString("kind")).isEqualTo(kind);
    assertThat(media.getString("title")).isIn("walden", "Roads");
    assertThat(media.getJsonObject("capabilities").getBoolean("can_download_file")).isTrue();
    assertThat(reader.get("/media/" + media.getString("id") + "/file").is(200).text())
        .isEqualTo(body);
  }

  @Test
  void the_same_file_by_address_and_by_upload_is_one_document() {
    String words = "Two roads " + path;
    JsonObject uploaded =
        reader.upload("a.txt", Buffer.buffer(words)).data(202).getJsonObject("media");
    reader.readable(uploaded);
    site.serves(path + ".txt", "text/plain", words);
    wished(reader, site.url(path + ".txt"));
    JsonArray held = reader.until("/media", reply -> reply.list(200).size() == 1).list(200);
    assertThat(has(held, uploaded.getString("id"))).isTrue();
  }

  // Pictures

  private static byte[] png(int color) {
    BufferedImage image = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, color);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void pictures_are_stored_and_those_that_fail_leave_their_words() {
    site.serves("/a.png", "image/png", png(1));
    site.serves("/lazy.png", "image/png", png(2));
    site.serves("/wide.png", "image/png", png(3));
    site.serves("/noscript.png", "image/png", png(4));
    site.serves("/evil.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    site.serves("/lie.png", "image/png", "not a picture");
    site.serves(
        path,
        "text/html",
        article(
            "Pictures",
            STORY.repeat(3)
                + "<figure><img src='/a.png' alt='one'></figure>"
                + STORY
                + "<p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='/lazy.png' alt='two'></p>"
                + STORY
                + "<p><img srcset='/small.png 100w, /wide.png 1200w, /huge.png 9000w' alt='three'></p>"
                + STORY
                + "<p><img class=lazy alt='x'><noscript><img src='/noscript.png' alt='four'></noscript></p>"
                + STORY
                + "<p><img src='/gone.png' alt='five'> <img src='/evil.svg' alt='six'> <img src='/lie.png' alt='seven'>"
                + " <img src='http://169.254.169.254/x.png' alt='eight'></p>"
                + STORY));
    JsonObject media = read(site.url(path));
    String html = fragment(media).getString("html_sanitized");

    assertThat(html.split("src=\"images/[0-9a-f]{32}\\.png\"", -1)).hasSize(5);
    assertThat(html)
        .contains(
            "alt=\"one\" width=\"8\" height=\"6\"", "alt=\"two\"", "alt=\"three\"", "alt=\"four\"")
        .contains("alt=\"five\"", "alt=\"six\"", "alt=\"seven\"", "alt=\"eight\"")
        .doesNotContain("http://127.0.0.1:" + site.port() + "/a.png", "169.254");
    assertThat(site.asked("/wide.png")).isEqualTo(1);
    assertThat(site.asked("/small.png") + site.asked("/huge.png")).isZero();
    String name = html.replaceFirst("(?s).*?src=\"(images/[^\"]*)\".*", "$1");
    assertThat(
            reader
                .get("/media/" + media.getString("id") + "/" + name)
                .is(200)
                .headers()
                .get("Content-Type"))
        .isEqualTo("image/png");
  }

  @Test
  void an_uploaded_page_gets_its_pictures_from_where_they_are() {
    site.serves(path + ".png", "image/png", png(9));
    String page =
        "<p>Seen. <img src='"
            + site.url(path + ".png")
            + "' alt=here> <img src='own.png' alt=not></p>";
    JsonObject brought = reader.upload("p.html", Buffer.buffer(page)).data(202);
    String html =
        fragment(reader.readable(brought.getJsonObject("media"))).getString("html_sanitized");
    assertThat(html).containsPattern("src=\"images/[0-9a-f]{32}.png\" alt=\"here\"");
    assertThat(html).contains("<img alt=\"not\">");
  }

  // What is refused at once

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/",
        "javascript:alert(1)",
        "http://127.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/",
        "https://@host.example/",
        "https://a:b@host.example/",
        "http://host.example:99999/",
        "http:///x",
        "no address"
      })
  void an_address_that_is_none_is_refused_at_once(String url) {
    long rows = server.count("media");
    TestingClient.Reply reply = reader.post("/media/from_url", wish(url));
    assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(reply.details().getString("field")).isEqualTo("url");
    assertThat(server.count("media")).isEqualTo(rows);
  }

  @Test
  void an_address_is_neither_empty_nor_longer_than_2048() {
    assertThat(reader.post("/media/from_url", wish("")).error(400)).isEqualTo("E_INVALID_REQUEST");
    String long_ = "http://example.org/" + "a".repeat(2048);
    assertThat(reader.post("/media/from_url", wish(long_)).error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  // What fails later, with a sentence

  @Test
  void what_sites_say_no_with_is_told() {
    fails("E_INGEST_FAILED", site.url(path));
    site.answers(path, "403 Forbidden", "Content-Length: 0", new byte[0]);
    assertThat(failed(site.url(path)).getString("last_error_message")).contains("everybody");
    site.answers(path, "500 Oops", "Content-Length: 0", new byte[0]);
    assertThat(failed(site.url(path)).getString("last_error_message")).contains("trouble");
    site.redirects(path, "http://169.254.169.254/");
    fails("E_SSRF_BLOCKED", site.url(path));
    site.redirects(path, path);
    fails("E_INGEST_FAILED", site.url(path));
    site.serves(path, "video/mp4", "film");
    fails("E_INVALID_FILE_TYPE", site.url(path));
    fails("E_INGEST_FAILED", "http://127.0.0.1:1/");
    site.serves(path, "text/html", page("<script src=/app.js></script>", "<div id=root></div>"));
    assertThat(failed(site.url(path)).getString("last_error_message")).contains("JavaScript");
    site.serves(path, "text/html", page("", "<div></div>"));
    fails("E_INGEST_FAILED", site.url(path));
    site.serves(path, "application/pdf", "no pdf");
    fails("E_INGEST_FAILED", site.url(path));
  }

  /** Each of these is told, and after all of them the same workers read a page. */
  @Test
  void hostile_answers_end_as_failures_and_the_workers_live_on() throws IOException {
    site.serves(path + "/ok", "text/html", article("Ok", STORY.repeat(3)));
    site.answers(
        path + "/liar",
        "200 OK",
        "Content-Type: text/html\r\nContent-Length: 999",
        "<p>".getBytes(UTF_8));
    site.plays(path + "/cut", NetSocket::close);
    site.plays(path + "/ssh", socket -> socket.end(Buffer.buffer("SSH-2.0-x\r\n")));
    site.answers(
        path + "/huge",
        "200 OK",
        "Content-Type: text/html\r\nContent-Length: 99999999999",
        new byte[0]);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 200; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    site.answers(
        path + "/bomb",
        "200 OK",
        "Content-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size(),
        packed.toByteArray());
    for (String trick : List.of("/liar", "/cut", "/ssh")) {
      fails("E_INGEST_FAILED", site.url(path + trick));
    }
    fails("E_FILE_TOO_LARGE", site.url(path + "/huge"));
    fails("E_FILE_TOO_LARGE", site.url(path + "/bomb"));
    read(site.url(path + "/ok"));
  }

  @Test
  void a_page_of_100_000_nested_elements_is_read() {
    site.serves(path, "text/html", page("<title>Deep</title>", "<div>".repeat(100_000) + STORY));
    JsonObject media = read(site.url(path));
    assertThat(fragment(media).getString("canonical_text")).contains("hedges");
  }

  @Test
  void a_page_in_no_encoding_at_all_is_refused() {
    byte[] noise = new byte[5000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (i * 7 % 31);
    }
    site.serves(path, "text/html", new String(noise, ISO_8859_1));
    fails("E_INGEST_FAILED", site.url(path));
  }

  // Once more

  @Test
  void a_document_that_failed_is_tried_again_when_asked() {
    JsonObject media = failed(site.url(path));
    site.serves(path, "text/html", article("Back", STORY.repeat(3)));
    String retry = "/media/" + media.getString("id") + "/retry";
    assertThat(server.newcomer().ask("POST", retry).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");

    assertThat(reader.ask("POST", retry).data(202).getString("processing_status"))
        .isEqualTo("pending");

    assertThat(settled(media).getString("title")).isEqualTo("Back");
    assertThat(reader.ask("POST", retry).error(409)).isEqualTo("E_MEDIA_NOT_FAILED");
    assertThat(settled(media).getString("processing_status")).isEqualTo("ready_for_reading");
  }

  @Test
  void a_document_is_tried_twelve_times_at_most() {
    JsonObject media = failed(site.url(path));
    String retry = "/media/" + media.getString("id") + "/retry";
    for (int i = 0; i < 11; i++) {
      reader.ask("POST", retry).data(202);
      settled(media);
    }
    assertThat(reader.ask("POST", retry).error(409)).isEqualTo("E_MEDIA_NOT_FAILED");
    assertThat(site.asked(path)).isEqualTo(12);
  }
}
