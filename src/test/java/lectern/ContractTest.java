package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lectern.TestingClient.Reply;
import lectern.http.TestingContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation of openapi.yaml, asked with everything that a request can have wrong. */
class ContractTest {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private static final String KEY =
      "{'provider':'openai','api_key':'sk-0123456789012345678901234567'}";

  /** Operations without a required field, or whose fields only administrators get to. */
  private static final Set<String> ALL_OPTIONAL =
      Set.of(
          "PATCH /highlights/{highlight_id}",
          "PATCH /connections/{connection_id}",
          "POST /admin/models",
          "PATCH /admin/models/{model_id}");

  /** Longer than any field may be that has a bound of its own. */
  private static final String LONG = "x".repeat(2_000_001);

  @RegisterExtension static final TestingServer server = new TestingServer();

  private static TestingClient reader;

  @BeforeAll
  static void register() {
    reader = server.newcomer();
  }

  static Stream<String> all() {
    return TestingContract.lines().stream();
  }

  static Stream<String> guarded() {
    return all().filter(TestingContract::isGuarded);
  }

  static Stream<String> json() {
    return all().filter(TestingContract::takesJson);
  }

  static Stream<String> withPathParameters() {
    return all().filter(line -> !TestingContract.pathNames(line).isEmpty());
  }

  static Stream<String> paged() {
    return all().filter(line -> TestingContract.takesQuery(line, "cursor"));
  }

  private static String method(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  /** The path with an id nobody has in every place. */
  private static String path(String line) {
    return path(line, TestingClient.unknown());
  }

  private static String path(String line, String id) {
    return line.substring(line.indexOf(' ') + 1).replaceAll("\\{[a-z_]+}", id);
  }

  private static Reply sent(String line, String body) {
    return sent(line, body, JSON);
  }

  private static Reply sent(String line, String body, Map<String, String> headers) {
    return reader.raw(method(line), path(line), Buffer.buffer(body), headers);
  }

  private static void refused(String line, String body) {
    assertThat(sent(line, body).error(400)).isEqualTo("E_INVALID_REQUEST");
  }

  // Who asks

  @ParameterizedTest
  @MethodSource("guarded")
  void nobody_gets_in_without_a_token(String line) {
    for (String header :
        List.of("", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer a.b.c")) {
      Reply reply = server.anybody().raw(method(line), path(line), null, authorization(header));
      assertThat(reply.error(401)).isEqualTo("E_UNAUTHENTICATED");
    }
  }

  private static Map<String, String> authorization(String header) {
    return header.isEmpty() ? Map.of() : Map.of("Authorization", header);
  }

  @Test
  void a_cookie_is_no_token() {
    Map<String, String> cookie = Map.of("Cookie", "lectern_session=" + reader.token());
    assertThat(server.anybody().raw("GET", "/me", null, cookie).error(401))
        .isEqualTo("E_UNAUTHENTICATED");
  }

  @Test
  void a_token_is_good_for_nothing_once_signed_out() {
    TestingClient other = server.newcomer();
    other.get("/me").is(200);
    other.ask("POST", "/auth/sign-out").is(204);
    assertThat(other.get("/me").error(401)).isEqualTo("E_UNAUTHENTICATED");
  }

  // What is sent

  @ParameterizedTest
  @MethodSource("json")
  void a_body_that_is_no_object_is_refused(String line) {
    for (String body :
        List.of(
            "",
            " ",
            "{",
            "nul",
            "null",
            "[]",
            "[{}]",
            "\"x\"",
            "1",
            "{}{}",
            "{'a':1}",
            "{\"a\":}",
            "\u0000",
            "\u0000\u0000\u0000{")) {
      refused(line, body);
    }
  }

  @ParameterizedTest
  @MethodSource("json")
  void a_body_that_is_no_utf_8_is_refused(String line) {
    for (byte[] body :
        List.of(
            new byte[] {'{', '"', (byte) 0xff, '"', '}'},
            new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0, 1, 2, 3, 4},
            new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, (byte) 0x7f, 0, 0, 0})) {
      Reply reply = reader.raw(method(line), path(line), Buffer.buffer(body), JSON);
      assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    }
  }

  @ParameterizedTest
  @MethodSource("json")
  void another_content_type_is_refused(String line) {
    for (String type :
        List.of(
            "text/plain",
            "application/jsonx",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x")) {
      assertThat(sent(line, "{}", Map.of("Content-Type", type)).error(415))
          .isEqualTo("E_UNSUPPORTED_MEDIA_TYPE");
    }
  }

  @ParameterizedTest
  @MethodSource("json")
  void a_field_nobody_knows_is_refused_by_name_but_not_at_length(String line) {
    Reply reply = sent(line, "{\"surprise\":1}");
    assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    String field = "y".repeat(100_000);
    Reply longer = sent(line, "{\"" + field + "\":1}");
    assertThat(longer.error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(longer.text().length()).isLessThan(1000);
  }

  @ParameterizedTest
  @MethodSource("json")
  void names_of_fields_are_given_once(String line) {
    refused(line, "{\"a\":1,\"a\":2}");
  }

  @ParameterizedTest
  @MethodSource("json")
  void characters_that_cannot_be_stored_are_refused(String line) {
    refused(line, "{\"name\":\"\\u0000\"}");
    refused(line, "{\"\\u0000\":\"x\"}");
    refused(line, "{\"name\":\"\\ud800\"}");
    refused(line, "{\"name\":\"\\udc00\\ud800\"}");
  }

  @ParameterizedTest
  @MethodSource("json")
  void deep_and_huge_json_is_refused(String line) {
    for (int depth : List.of(400, 999, 1001, 100_000)) {
      refused(line, "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
      refused(line, "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
    }
    refused(line, "{\"a\":" + "9".repeat(5000) + "}");
    refused(line, "{\"a\":1e999999}");
  }

  static Stream<Field> fields() {
    return Stream.of(
        new Field(
            "POST /auth/register", "email", "{'email':'a@example.org','password':'0123456789ab'}"),
        new Field(
            "POST /auth/register",
            "password",
            "{'email':'a@example.org','password':'0123456789ab'}"),
        new Field(
            "POST /auth/token", "email", "{'email':'a@example.org','password':'0123456789ab'}"),
        new Field(
            "POST /auth/token", "password", "{'email':'a@example.org','password':'0123456789ab'}"),
        new Field("POST /libraries", "name", "{'name':'L'}"),
        new Field("PATCH /libraries/{library_id}", "name", "{'name':'L'}"),
        new Field(
            "POST /libraries/{library_id}/media",
            "media_id",
            "{'media_id':'" + TestingClient.unknown() + "'}"),
        new Field("POST /libraries/{library_id}/members", "email", "{'email':'a@example.org'}"),
        new Field("PATCH /libraries/{library_id}/members/{user_id}", "role", "{'role':'admin'}"),
        new Field("POST /media/from_text", "text", "{'text':'L'}"),
        new Field("POST /media/from_url", "url", "{'url':'http://example.org/'}"),
        new Field(
            "PUT /media/{media_id}/position",
            "fragment_id",
            "{'fragment_id':'" + TestingClient.unknown() + "','text_offset':0}"),
        new Field(
            "PUT /media/{media_id}/position",
            "text_offset",
            "{'fragment_id':'" + TestingClient.unknown() + "','text_offset':0}"),
        new Field(
            "POST /fragments/{fragment_id}/highlights",
            "start_offset",
            "{'start_offset':0,'end_offset':1,'color':'blue'}"),
        new Field(
            "POST /fragments/{fragment_id}/highlights",
            "end_offset",
            "{'start_offset':0,'end_offset':1,'color':'blue'}"),
        new Field(
            "POST /fragments/{fragment_id}/highlights",
            "color",
            "{'start_offset':0,'end_offset':1,'color':'blue'}"),
        new Field("PUT /highlights/{highlight_id}/annotation", "body", "{'body':'x'}"),
        new Field("PATCH /conversations/{conversation_id}", "title", "{'title':'x'}"),
        new Field("PUT /stand_ins", "model_ids", "{'model_ids':[]}"),
        new Field("POST /keys", "provider", KEY),
        new Field("POST /keys", "api_key", KEY),
        new Field("POST /connections", "name", "{'name':'x','base_url':'http://localhost:9/v1'}"),
        new Field(
            "POST /connections", "base_url", "{'name':'x','base_url':'http://localhost:9/v1'}"),
        new Field(
            "POST /conversations/messages",
            "content",
            "{'content':'x','model_id':'" + TestingClient.unknown() + "'}"),
        new Field(
            "POST /conversations/messages",
            "model_id",
            "{'content':'x','model_id':'" + TestingClient.unknown() + "'}"),
        new Field(
            "POST /conversations/{conversation_id}/messages",
            "content",
            "{'content':'x','model_id':'" + TestingClient.unknown() + "'}"),
        new Field(
            "POST /conversations/{conversation_id}/messages",
            "model_id",
            "{'content':'x','model_id':'" + TestingClient.unknown() + "'}"));
  }

  /** A required field of an operation, and a body that has it right. */
  record Field(String line, String name, String body) {
    JsonObject right() {
      return new JsonObject(body.replace('\'', '"'));
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void a_field_that_is_missing_is_named(Field field) {
    JsonObject body = field.right();
    body.remove(field.name());
    Reply reply = sent(field.line(), body.encode());
    assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    assertThat(reply.details().getString("field")).isEqualTo(field.name());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void a_field_of_another_type_is_named_and_not_repeated(Field field) {
    for (Object wrong :
        List.of(true, 1.5, List.of("s3cr3t"), new JsonObject().put("secret", "s3cr3t"))) {
      Reply reply = sent(field.line(), field.right().put(field.name(), wrong).encode());
      assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
      assertThat(reply.details().getString("field")).startsWith(field.name());
      assertThat(reply.text()).doesNotContain("s3cr3t");
    }
    refused(field.line(), field.right().putNull(field.name()).encode());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void a_field_that_is_too_long_or_too_large_is_refused(Field field) {
    Object right = field.right().getValue(field.name());
    Object wrong = right instanceof Integer ? (Object) 99_999_999_999L : LONG;
    Reply reply = sent(field.line(), field.right().put(field.name(), wrong).encode());
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.text().length()).isLessThan(1000);
  }

  @Test
  void the_fields_above_are_those_of_every_operation_that_takes_json() {
    assertThat(fields().map(Field::line).distinct())
        .containsExactlyInAnyOrderElementsOf(
            json().filter(line -> !ALL_OPTIONAL.contains(line)).toList());
  }

  @Test
  void a_body_past_the_limit_is_refused_and_the_connection_is_not_left_behind() {
    String body = "{\"text\":\"" + "x".repeat(10 << 20) + "\"}";
    for (int i = 0; i < 3; i++) {
      assertThat(sent("POST /media/from_text", body).error(413)).isEqualTo("E_REQUEST_TOO_LARGE");
    }
    reader.get("/me").is(200);
  }

  // Where it is sent

  @ParameterizedTest
  @MethodSource("withPathParameters")
  void an_id_that_is_none_is_refused(String line) {
    for (String id :
        List.of(
            "x",
            "00000000-0000-0000-0000-00000000000g",
            "%00",
            "%F0%28",
            "%2e%2e%2fme",
            "1".repeat(3000))) {
      Reply reply = reader.raw(method(line), path(line, id), null, Map.of());
      assertThat(reply.error(400)).isEqualTo("E_INVALID_REQUEST");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_query_parameter_nobody_knows_is_refused(String line) {
    assertThat(reader.ask(method(line), path(line) + "?surprise=1").error(400))
        .isEqualTo("E_INVALID_REQUEST");
    assertThat(reader.ask(method(line), path(line) + "?%zz=1").error(400))
        .isEqualTo("E_INVALID_REQUEST");
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_unknown_method_is_told_which_are_known(String line) {
    for (String other : List.of("PATCH", "PUT", "OPTIONS", "TRACE", "FOO")) {
      if (TestingContract.isKnown(other, path(line))) {
        continue;
      }
      Reply reply = reader.ask(other, path(line));
      assertThat(reply.error(405)).isEqualTo("E_METHOD_NOT_ALLOWED");
      assertThat(reply.headers().get("Allow")).contains(method(line));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/media/x/y/z", "/api/me", "/..", "/ME"})
  void an_address_where_nothing_is_says_so(String path) {
    assertThat(reader.get(path).error(404)).isEqualTo("E_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%zz", "/media/%zz", "/media/%c3%28", "/a%00b"})
  void an_address_that_cannot_be_read_is_no_defect(String path) {
    assertThat(reader.get(path).status()).isBetween(400, 404);
  }

  // Lists

  @ParameterizedTest
  @MethodSource("paged")
  void a_limit_is_a_number_from_1_to_100(String line) {
    for (String limit :
        List.of("0", "101", "-1", "abc", "1.5", "", "99999999999", "%00", "1&limit=2")) {
      assertThat(reader.ask(method(line), path(line) + "?limit=" + limit).error(400))
          .isEqualTo("E_INVALID_REQUEST");
    }
  }

  @ParameterizedTest
  @MethodSource("paged")
  void a_cursor_that_is_none_of_ours_is_refused(String line) {
    String conversation = reader.ask("POST", "/conversations").data(201).getString("id");
    String media = reader.pasted("Text for " + line, "text").getString("id");
    String library = reader.get("/libraries").list(200).getJsonObject(0).getString("id");
    String path =
        path(
            line.replace("{conversation_id}", conversation)
                .replace("{media_id}", media)
                .replace("{library_id}", library));
    for (String cursor :
        List.of(
            "x",
            "%00",
            "bm9uZQ",
            encoded("[]"),
            encoded("{}"),
            encoded("null"),
            encoded("[1]"),
            encoded("[null,null]"),
            encoded("[\"a\",\"b\"]"),
            encoded("[\"after\",\"x\"]"),
            encoded("[\"beside\",\"1\"]"),
            encoded("[\"\\u0000\",\"" + TestingClient.unknown() + "\"]"),
            encoded("[".repeat(500)))) {
      assertThat(reader.ask(method(line), path + "?cursor=" + cursor).status())
          .as(cursor)
          .isEqualTo(400);
    }
    String endOfTime = "[\"+999999999-12-31T00:00:00Z\",\"" + TestingClient.unknown() + "\"]";
    assertThat(reader.ask(method(line), path + "?cursor=" + encoded(endOfTime)).status())
        .isLessThan(500);
    String sorted = path + (TestingContract.takesQuery(line, "sort") ? "?sort=title&" : "?");
    assertThat(
            reader
                .ask(
                    method(line),
                    sorted
                        + "cursor="
                        + encoded("[\"\\u0000\",\"" + TestingClient.unknown() + "\"]"))
                .status())
        .isEqualTo(400);
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void pages_join_without_a_gap_or_an_overlap() {
    TestingClient other = server.newcomer();
    for (int i = 0; i < 5; i++) {
      other.ask("POST", "/conversations").is(201);
    }
    List<Object> whole = other.get("/conversations").list(200).getList();
    java.util.ArrayList<Object> joined = new java.util.ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonObject page = other.get("/conversations?limit=2" + cursor).is(200).json();
      joined.addAll(page.getJsonArray("data").getList());
      String next = page.getJsonObject("page").getString("next_cursor");
      cursor = next == null ? null : "&cursor=" + next;
    }
    assertThat(joined).isEqualTo(whole).hasSize(5);
  }

  // Around it

  @Test
  void a_harmless_request_id_comes_back_and_any_other_is_replaced() {
    assertThat(requestId("a-b_c.1")).isEqualTo("a-b_c.1");
    assertThat(requestId("0000000A-0000-0000-0000-000000000000"))
        .isEqualTo("0000000a-0000-0000-0000-000000000000");
    for (String harmful : List.of("a b", "\"", "x".repeat(129), "é")) {
      assertThat(requestId(harmful)).matches("[0-9a-f-]{36}");
    }
  }

  private static String requestId(String given) {
    Reply reply = reader.raw("GET", "/nothing", null, Map.of("X-Request-Id", given));
    String echoed = reply.headers().get("X-Request-Id");
    assertThat(reply.json().getJsonObject("error").getString("request_id")).isEqualTo(echoed);
    return echoed;
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_operation_on_nothing_is_never_a_defect(String line) {
    Reply reply =
        TestingContract.takesJson(line)
            ? sent(line, "{}")
            : server.newcomer().ask(method(line), path(line));
    assertThat(reply.status()).as(reply.text()).isLessThan(500);
  }

  @Test
  void a_head_is_answered_without_a_body() {
    Reply reply = reader.ask("HEAD", "/me");
    assertThat(reply.text()).isEmpty();
    assertThat(reply.status()).isIn(200, 405);
  }

  @Test
  void the_contract_is_served_as_it_is() {
    Reply reply = server.anybody().get("/openapi.yaml");
    assertThat(reply.is(200).text()).startsWith("openapi: 3.1.0");
    assertThat(reply.headers().get("Content-Type")).isEqualTo("application/yaml");
  }

  @Test
  void the_server_says_how_it_is() {
    server.anybody().get("/health/live").is(200);
    server.anybody().get("/health/ready").is(200);
    assertThat(server.anybody().get("/metrics").is(200).text()).contains("jvm_memory_used_bytes");
  }
}
