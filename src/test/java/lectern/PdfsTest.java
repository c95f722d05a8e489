package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import lectern.TestingClient.Reply;
import lectern.library.document.pdf.TestingPdf;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PDFs from the upload to the highlight. */
class PdfsTest {
  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient reader;
  private static JsonObject media;
  private static JsonObject fragment;

  @BeforeAll
  static void bringIn() {
    reader = server.newcomer();
    try (TestingPdf pdf = new TestingPdf()) {
      pdf.lines(72, 700, 12, List.of("One road goes past", "the old mill, and on."));
      pdf.page().text(72, 700, 12, "The second page.");
      media = reader.readable(brought("roads.pdf", pdf).data(202).getJsonObject("media"));
    }
    fragment = reader.fragment(media);
  }

  private static Reply brought(String name, TestingPdf pdf) {
    return reader.upload(name, Buffer.buffer(pdf.bytes()));
  }

  private static Reply marked(String fragment, JsonObject body) {
    return reader.post("/fragments/" + fragment + "/highlights", body.put("color", "green"));
  }

  private static Reply marked(JsonObject body) {
    return marked(fragment.getString("id"), body);
  }

  private static JsonObject quad(double left, double bottom, double right, double top) {
    return new JsonObject()
        .put("x1", left)
        .put("y1", top)
        .put("x2", right)
        .put("y2", top)
        .put("x3", left)
        .put("y3", bottom)
        .put("x4", right)
        .put("y4", bottom);
  }

  private static JsonObject quads(JsonObject... quads) {
    return new JsonObject().put("quads", new JsonArray(List.of((Object[]) quads)));
  }

  @Test
  void each_page_is_a_fragment_under_its_number() {
    assertThat(media.getString("kind")).isEqualTo("pdf");
    assertThat(media.getJsonObject("capabilities").getBoolean("can_quote")).isTrue();
    assertThat(fragment.getString("title")).isEqualTo("1");
    assertThat(fragment.getString("canonical_text"))
        .isEqualTo("One road goes past the old mill, and on.");
    assertThat(server.count("fragment_layout")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void what_stands_within_quads_is_marked() {
    JsonObject body = quads(quad(72, 680, 90, 690), quad(60, 695, 200, 712));
    JsonObject made = marked(body).data(201);
    assertThat(made.getString("exact")).startsWith("One road goes past the");
    assertThat(made.getInteger("start_offset")).isZero();
    assertThat(made.getJsonArray("quads")).isEqualTo(body.getJsonArray("quads"));
    assertThat(marked(body).error(409)).isEqualTo("E_HIGHLIGHT_CONFLICT");
    JsonObject found = reader.get("/highlights/" + made.getString("id")).data(200);
    assertThat(found.getJsonArray("quads")).isEqualTo(body.getJsonArray("quads"));
  }

  @Test
  void a_passage_marked_by_offsets_has_a_quad_for_each_line() {
    JsonObject made =
        marked(new JsonObject().put("start_offset", 4).put("end_offset", 22)).data(201);
    assertThat(made.getString("exact")).isEqualTo("road goes past the");
    JsonArray quads = made.getJsonArray("quads");
    assertThat(quads).hasSize(2);
    JsonObject first = quads.getJsonObject(0);
    assertThat(first.getDouble("x1")).isBetween(90.0, 105.0);
    assertThat(first.getDouble("y1")).isGreaterThan(700);
    assertThat(first.getDouble("y3")).isBetween(695.0, 700.0);
    assertThat(quads.getJsonObject(1).getDouble("x1")).isBetween(71.9, 72.1);
    String path = "/highlights/" + made.getString("id");
    JsonObject moved = reader.ask("PATCH", path, new JsonObject().put("end_offset", 8)).data(200);
    assertThat(moved.getJsonArray("quads")).hasSize(1);
    JsonObject again = marked(new JsonObject().put("quads", moved.getJsonArray("quads"))).json();
    assertThat(again.getJsonObject("error").getString("code")).isEqualTo("E_HIGHLIGHT_CONFLICT");
  }

  @Test
  void quads_beside_the_text_are_refused() {
    assertThat(marked(quads(quad(72, 100, 300, 200))).error(400))
        .isEqualTo("E_HIGHLIGHT_INVALID_RANGE");
    assertThat(marked(quads(quad(-99_999, -99_999, -99_998, -99_998))).error(400))
        .isEqualTo("E_HIGHLIGHT_INVALID_RANGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'quads':[]}",
        "{'quads':null}",
        "{'quads':[{}]}",
        "{'quads':[[1,2,3,4,5,6,7,8]]}",
        "{'quads':[{'x1':1,'y1':1,'x2':1,'y2':1,'x3':1,'y3':1,'x4':1}]}",
        "{'quads':[{'x1':1,'y1':1,'x2':1,'y2':1,'x3':1,'y3':1,'x4':1,'y4':'1'}]}",
        "{'quads':[{'x1':1,'y1':1,'x2':1,'y2':1,'x3':1,'y3':1,'x4':1,'y4':1e30}]}",
        "{'start_offset':1}",
        "{'start_offset':0,'end_offset':2,"
            + "'quads':[{'x1':1,'y1':1,'x2':1,'y2':1,'x3':1,'y3':1,'x4':1,'y4':1}]}",
      })
  void what_is_neither_offsets_nor_quads_is_refused(String body) {
    assertThat(marked(new JsonObject(body.replace('\'', '"'))).error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  @Test
  void there_are_not_too_many_quads() {
    JsonArray many = new JsonArray();
    for (int i = 0; i < 501; i++) {
      many.add(quad(72, 700, 200, 710));
    }
    assertThat(marked(new JsonObject().put("quads", many)).error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  @Test
  void a_document_without_pages_is_not_marked_by_quads() {
    JsonObject text = reader.fragment(reader.pasted("No pages.", "text"));
    assertThat(marked(text.getString("id"), quads(quad(0, 0, 900, 900))).error(400))
        .isEqualTo("E_INVALID_REQUEST");
    assertThat(reader.highlighted(text, "pages").getJsonArray("quads")).isNull();
  }

  @Test
  void somebody_elses_page_is_not_marked() {
    Reply reply =
        server
            .newcomer()
            .post(
                "/fragments/" + fragment.getString("id") + "/highlights",
                quads(quad(0, 0, 900, 900)).put("color", "blue"));
    assertThat(reply.error(404)).isEqualTo("E_MEDIA_NOT_FOUND");
  }

  @Test
  void pictures_of_pages_are_read_but_not_quoted() {
    try (TestingPdf pdf = new TestingPdf()) {
      pdf.draw(
          to -> {
            to.addRect(72, 72, 300, 300);
            to.fill();
          });
      JsonObject scan = reader.readable(brought("scan.pdf", pdf).data(202).getJsonObject("media"));
      JsonObject can = scan.getJsonObject("capabilities");
      assertThat(can.getBoolean("can_read")).isTrue();
      assertThat(can.getBoolean("can_quote")).isFalse();
    }
  }

  private static String failure(String name, byte[] bytes) {
    JsonObject brought = reader.upload(name, Buffer.buffer(bytes)).data(202).getJsonObject("media");
    JsonObject failed = reader.failed(brought);
    assertThat(failed.getString("last_error_code")).isEqualTo("E_INVALID_FILE_TYPE");
    return failed.getString("last_error_message");
  }

  @Test
  void what_cannot_be_read_says_why_and_the_next_one_is_read() throws IOException {
    try (TestingPdf pdf = new TestingPdf().text(72, 700, 12, "Secret.")) {
      pdf.document.protect(new StandardProtectionPolicy("o", "u", new AccessPermission()));
      assertThat(failure("locked.pdf", pdf.bytes())).contains("password");
    }
    try (TestingPdf pdf = new TestingPdf().spaces(200L << 20)) {
      assertThat(failure("bomb.pdf", pdf.bytes())).contains("unpacks");
    }
    assertThat(
            failure(
                "torn.pdf",
                "%PDF-1.7\nnothing".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .contains("damaged");
    try (TestingPdf pdf = new TestingPdf().text(72, 700, 12, "Still here.")) {
      reader.readable(brought("next.pdf", pdf).data(202).getJsonObject("media"));
    }
  }
}
