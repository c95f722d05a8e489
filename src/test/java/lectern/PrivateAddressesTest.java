package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import lectern.net.TestingSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server as it is set by default: it asks no network of its own for anybody. */
@Timeout(30)
class PrivateAddressesTest {
  @RegisterExtension
  static final TestingServer server =
      new TestingServer().with("LECTERN_ALLOW_PRIVATE_ADDRESSES", "false");

  private static TestingSite site;
  private static TestingClient reader;

  @BeforeAll
  static void open() {
    site = TestingSite.start(server.vertx());
    reader = server.newcomer();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static TestingClient.Reply wish(String url) {
    return reader.post("/media/from_url", new JsonObject().put("url", url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/",
        "http://LOCALHOST./",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://10.1.2.3/",
        "http://167837955/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://printer/",
        "http://printer.local/",
        "http://wiki.internal/",
        "http://nas.lan/",
        "http://router.home/",
        "http://page.example:8080/",
        "http://page.example:22/"
      })
  void what_is_private_by_how_it_is_written_is_refused_at_once(String url) {
    long rows = server.count("media");
    TestingClient.Reply reply = wish(url);
    assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(reply.details().getString("field")).isEqualTo("url");
    assertThat(server.count("media")).isEqualTo(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127-0-0-1", "10-0-0-7", "192-168-0-1", "169-254-169-254", "100-64-0-1"})
  void a_name_that_leads_to_something_private_ends_as_blocked(String name) {
    JsonObject media = wish("http://" + name + ".names.example/").data(202).getJsonObject("media");
    JsonObject failed = reader.failed(media);
    assertThat(failed.getString("last_error_code")).isEqualTo("E_SSRF_BLOCKED");
    assertThat(failed.getString("last_error_message"))
        .endsWith(".")
        .doesNotContain(name.replace('-', '.'));
  }

  @Test
  void pictures_of_a_page_are_no_way_around_it() {
    site.serves("/a.png", "image/png", "x");
    String page =
        "<p>Seen.</p><img src='%s' alt='by number'><img src='http://127-0-0-1.names.example:%d/a.png' alt='by name'>"
            .formatted(site.url("/a.png"), site.port());
    JsonObject media =
        reader.readable(
            reader.upload("p.html", Buffer.buffer(page)).data(202).getJsonObject("media"));

    assertThat(reader.fragment(media).getString("html_sanitized"))
        .contains("alt=\"by number\"", "alt=\"by name\"")
        .doesNotContain("src=");
    assertThat(site.requests()).isEmpty();
  }
}
