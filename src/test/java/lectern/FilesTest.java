package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import lectern.TestingClient.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Originals as they are fetched again. */
class FilesTest {
  /** Three chunks of storage, the last a short one. */
  private static final int SIZE = 600_000;

  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient reader;
  private static String whole;
  private static String path;

  @BeforeAll
  static void bringIn() {
    StringBuilder text = new StringBuilder();
    while (text.length() < SIZE) {
      text.append("Line ").append(text.length()).append("\n\n");
    }
    whole = text.substring(0, SIZE);
    reader = server.newcomer();
    path = pathOf(reader.upload("lines.txt", Buffer.buffer(whole)));
  }

  private static String pathOf(Reply brought) {
    JsonObject media = reader.readable(brought.data(202).getJsonObject("media"));
    assertThat(media.getJsonObject("capabilities").getBoolean("can_download_file")).isTrue();
    return "/media/" + media.getString("id") + "/file";
  }

  private static Reply get(Map<String, String> headers) {
    return reader.raw("GET", path, null, headers);
  }

  private static Reply get(String header, String value) {
    return get(Map.of(header, value));
  }

  private static String tag() {
    return reader.ask("HEAD", path).header("ETag");
  }

  @Test
  void it_comes_whole() {
    Reply reply = reader.get(path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo(whole);
    assertThat(reply.header("Content-Length")).isEqualTo("" + SIZE);
    assertThat(reply.header("Content-Type")).isEqualTo("text/plain");
    assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"lines.txt\"; filename*=UTF-8''lines.txt");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-599999, 0, 600000",
    "bytes=5-, 5, 600000",
    "bytes=599999-, 599999, 600000",
    "bytes=-7, 599993, 600000",
    "bytes=-9999999, 0, 600000",
    "bytes=10-99999999, 10, 600000",
    "bytes=262143-262144, 262143, 262145",
    "bytes=262144-524287, 262144, 524288",
    "bytes=262100-524300, 262100, 524301",
    "BYTES = 1 - 2, 1, 3",
  })
  void a_range_of_it_comes_alone(String range, int from, int end) {
    Reply reply = get("Range", range);
    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.text()).isEqualTo(whole.substring(from, end));
    assertThat(reply.header("Content-Range"))
        .isEqualTo("bytes %d-%d/%d".formatted(from, end - 1, SIZE));
    assertThat(reply.header("Content-Length")).isEqualTo("" + (end - from));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=600000-", "bytes=600000-600001", "bytes=-0"})
  void a_range_outside_is_refused_with_the_length(String range) {
    Reply reply = get("Range", range);
    assertThat(reply.error(416)).isEqualTo("E_RANGE_NOT_SATISFIABLE");
    assertThat(reply.header("Content-Range")).isEqualTo("bytes */" + SIZE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-1,3-4",
        "bytes=2-1",
        "bytes=-",
        "bytes=a-b",
        "lines=0-1",
        "bytes=0-1-2",
        "bytes=99999999999999999999999-",
        "bytes=--1"
      })
  void a_range_that_is_none_is_passed_over(String range) {
    Reply reply = get("Range", range);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).hasSize(SIZE);
  }

  @Test
  void what_the_client_has_is_not_sent_again() {
    for (String held : new String[] {tag(), "W/" + tag(), "\"x\", " + tag(), "*"}) {
      Reply reply = get("If-None-Match", held);
      assertThat(reply.status()).isEqualTo(304);
      assertThat(reply.text()).isEmpty();
      assertThat(reply.header("ETag")).isEqualTo(tag());
    }
    assertThat(get("If-None-Match", "\"x\"").status()).isEqualTo(200);
  }

  @Test
  void a_range_of_another_version_is_the_whole_file() {
    Map<String, String> same = Map.of("Range", "bytes=0-1", "If-Range", tag());
    assertThat(get(same).status()).isEqualTo(206);
    for (String other : new String[] {"\"x\"", "W/" + tag(), "Wed, 21 Oct 2015 07:28:00 GMT"}) {
      Map<String, String> changed = Map.of("Range", "bytes=0-1", "If-Range", other);
      assertThat(get(changed).status()).isEqualTo(200);
    }
  }

  @Test
  void its_head_can_be_asked_for() {
    Reply reply = reader.ask("HEAD", path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Length")).isEqualTo("" + SIZE);
    assertThat(reply.text()).isEmpty();
  }

  @Test
  void it_is_only_for_those_who_may_read() {
    for (TestingClient other : new TestingClient[] {server.newcomer(), reader}) {
      String asked = other == reader ? "/media/" + TestingClient.unknown() + "/file" : path;
      assertThat(other.get(asked).error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
    }
    assertThat(server.anybody().get(path).error(401)).isEqualTo("E_UNAUTHENTICATED");
  }

  @Test
  void a_hostile_name_stays_a_name() {
    String own =
        pathOf(
            reader.upload("a%22%3B%25%20%E2%80%AE%C3%BC%F0%9F%93%9A.md", Buffer.buffer("Name.")));
    assertThat(reader.ask("HEAD", own).header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"a___ ___.md\"; "
                + "filename*=UTF-8''a%22%3B%25%20%E2%80%AE%C3%BC%F0%9F%93%9A.md");
  }

  @Test
  void a_client_that_leaves_half_way_harms_nobody() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(server.apiPort())
            .setURI(path)
            .putHeader("Authorization", "Bearer " + reader.token());
    HttpClientResponse response =
        await(
            server
                .vertx()
                .createHttpClient()
                .request(options)
                .compose(request -> request.send().onSuccess(HttpClientResponse::pause)));
    assertThat(response.statusCode()).isEqualTo(200);
    await(response.request().connection().close());
    assertThat(reader.get(path).text()).isEqualTo(whole);
  }
}
