package lectern;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import lectern.TestingClient.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {
  private static final byte[] PNG = {
    (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 0x0d, 'I', 'H', 'D', 'R'
  };

  @RegisterExtension static final TestingServer server = new TestingServer();

  private TestingClient reader;

  @BeforeEach
  void open() {
    reader = server.newcomer();
  }

  private JsonObject brought(String filename, Buffer body) {
    return reader.upload(filename, body).data(202);
  }

  @ParameterizedTest
  @CsvSource({
    "walden.txt, Two roads., Two roads., walden",
    "walden.md, '# Roads\n\nTwo *roads*.', 'Roads\n\nTwo roads.', Roads",
    "walden.html, <title>R</title><p>Two <b>roads</b>.<script>x()</script>, Two roads., R"
  })
  void a_file_becomes_readable(String filename, String body, String text, String title) {
    JsonObject brought = brought(filename, Buffer.buffer(body));
    assertThat(brought.getBoolean("duplicate")).isFalse();
    JsonObject media = reader.readable(brought.getJsonObject("media"));
    assertThat(media.getString("title")).isEqualTo(title);
    JsonObject fragment = reader.fragment(media);
    assertThat(fragment.getString("canonical_text").strip()).isEqualTo(text);
    assertThat(fragment.getString("html_sanitized")).doesNotContain("script");
  }

  @Test
  void a_file_of_many_chunks_arrives_whole() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 900_000; i++) {
      text.append("Line ").append(i).append("\n\n");
    }
    JsonObject media = brought("long.txt", Buffer.buffer(text.toString())).getJsonObject("media");
    String canonical = reader.fragment(reader.readable(media)).getString("canonical_text");
    assertThat(canonical.strip()).isEqualTo(text.toString().strip());
  }

  @Test
  void the_same_file_again_is_the_same_document() {
    JsonObject first = brought("a.txt", Buffer.buffer("Once.")).getJsonObject("media");
    long rows = server.count("media");
    JsonObject again = brought("b.txt", Buffer.buffer("Once."));
    assertThat(again.getBoolean("duplicate")).isTrue();
    assertThat(again.getJsonObject("media").getString("id")).isEqualTo(first.getString("id"));
    assertThat(server.count("media")).isEqualTo(rows);
  }

  @Test
  void a_file_can_be_put_into_a_library_at_once() {
    String library =
        reader.post("/libraries", new JsonObject().put("name", "L")).data(201).getString("id");
    String query = "into.txt&library_id=" + library;
    String id = brought(query, Buffer.buffer("Words")).getJsonObject("media").getString("id");
    JsonObject held = reader.get("/libraries/" + library + "/media").list(200).getJsonObject(0);
    assertThat(held.getString("id")).isEqualTo(id);
  }

  // What is not taken, and leaves nothing

  private void leavesNothing(Runnable upload) {
    long media = server.count("media");
    long chunks = server.count("media_file_chunk");
    upload.run();
    assertThat(server.count("media")).isEqualTo(media);
    assertThat(server.count("media_file_chunk")).isEqualTo(chunks);
    reader.get("/me").is(200);
  }

  @Test
  void an_empty_file_is_refused() {
    leavesNothing(
        () ->
            assertThat(reader.upload("empty.txt", Buffer.buffer()).error(400))
                .isEqualTo("E_INVALID_FILE_TYPE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"picture.txt", "picture.md", "picture.html", "picture"})
  void a_picture_under_any_name_is_refused(String filename) {
    leavesNothing(
        () ->
            assertThat(reader.upload(filename, Buffer.buffer(PNG)).error(400))
                .isEqualTo("E_INVALID_FILE_TYPE"));
  }

  @Test
  void a_declared_length_past_the_limit_is_refused() {
    leavesNothing(
        () -> {
          Reply reply = reader.upload("big.txt", letters(TestingServer.UPLOAD_LIMIT + 1));
          assertThat(reply.error(400)).isEqualTo("E_FILE_TOO_LARGE");
          assertThat(reply.details().getInteger("max_bytes")).isEqualTo(TestingServer.UPLOAD_LIMIT);
        });
  }

  @Test
  void a_body_that_grows_past_the_limit_is_refused() {
    leavesNothing(
        () -> {
          HttpClientRequest request = chunked("/media/upload?filename=big.txt");
          for (int i = 0; i < 80; i++) {
            request.write(letters(16 * 1024));
          }
          request.end();
          JsonObject refused =
              await(request.response().compose(HttpClientResponse::body)).toJsonObject();
          assertThat(refused.getJsonObject("error").getString("code"))
              .isEqualTo("E_FILE_TOO_LARGE");
        });
  }

  @Test
  void a_large_file_of_nobody_is_refused_and_the_connection_is_not_left_behind() {
    leavesNothing(
        () -> {
          for (int i = 0; i < 3; i++) {
            Reply reply = server.anybody().upload("big.txt", letters(8 << 20));
            assertThat(reply.error(401)).isEqualTo("E_UNAUTHENTICATED");
          }
        });
  }

  @Test
  void an_upload_that_breaks_off_leaves_nothing() {
    long before = server.count("media");
    HttpClientRequest request = chunked("/media/upload?filename=half.txt");
    await(request.write(letters(300 * 1024)));
    untilCount(before + 1);
    await(request.connection().close());
    untilCount(before);
    assertThat(server.count("media_file_chunk"))
        .isEqualTo(
            server.count("media_file_chunk where media_id in (select media_id from media_file)"));
  }

  private void untilCount(long wanted) {
    reader.until("/me", _ -> server.count("media") == wanted);
  }

  @Test
  void a_sender_that_waits_for_leave_gets_it() {
    HttpClientRequest request = chunked("/media/upload?filename=polite.txt");
    request.putHeader("Expect", "100-continue");
    Promise<Void> leave = Promise.promise();
    request.continueHandler(leave::complete);
    await(request.sendHead());
    await(leave.future());
    request.end(Buffer.buffer("After you."));
    assertThat(await(request.response()).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "?filename=", "?filename=%00.txt", "?filename=a&filename=b", "?name=a"})
  void a_file_has_one_proper_name(String query) {
    leavesNothing(
        () -> {
          Reply reply =
              reader.raw("POST", "/media/upload" + query, Buffer.buffer("x"), java.util.Map.of());
          assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
        });
    leavesNothing(
        () ->
            assertThat(reader.upload("x".repeat(256), Buffer.buffer("x")).error(400))
                .isEqualTo("E_INVALID_REQUEST"));
  }

  @Test
  void a_name_with_a_path_in_it_is_only_a_name() {
    JsonObject media =
        brought("..%2F..%2Fetc%2Fpasswd%0d%0a.txt", Buffer.buffer("Not it."))
            .getJsonObject("media");
    assertThat(reader.readable(media).getString("title")).doesNotContain("..");
  }

  @Test
  void a_library_of_somebody_else_is_refused() {
    String library = server.newcomer().get("/libraries").list(200).getJsonObject(0).getString("id");
    leavesNothing(
        () ->
            assertThat(reader.upload("x.txt&library_id=" + library, letters(10)).error(404))
                .isEqualTo("E_LIBRARY_NOT_FOUND"));
  }

  private HttpClientRequest chunked(String path) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(server.apiPort())
            .setURI(path)
            .putHeader("Authorization", "Bearer " + reader.token());
    return await(server.vertx().createHttpClient().request(options)).setChunked(true);
  }

  private static Buffer letters(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(26));
    }
    return Buffer.buffer(bytes);
  }
}
