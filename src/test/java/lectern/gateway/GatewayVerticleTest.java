package lectern.gateway;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayVerticleTest {
  private static final String COOKIE = "lectern_session=" + TestingApi.TOKEN;
  private static final long BODY_BYTES = 8L << 20;

  private Vertx vertx;
  private TestingApi api;
  private GatewayVerticle gateway;
  private HttpClient browser;

  @BeforeEach
  void start() {
    Scope.register();
    vertx = Vertx.vertx();
    api = new TestingApi(vertx);
    browser = vertx.createHttpClient();
    gateway = deploy(Optional.empty());
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void the_first_chunk_of_a_stream_arrives_while_the_api_still_holds_the_second() throws Exception {
    Promise<Void> second = Promise.promise();
    api.router
        .get("/messages/1/stream")
        .handler(
            ctx -> {
              ctx.response().setChunked(true).putHeader("content-type", "text/event-stream");
              ctx.response().write("data: one\n\n");
              second.future().onSuccess(_ -> ctx.response().end("data: two\n\n"));
            });
    HttpClientResponse response =
        await(
            browser
                .request(
                    options(HttpMethod.GET, "/api/messages/1/stream", Map.of("cookie", COOKIE)))
                .compose(HttpClientRequest::send)
                .map(HttpClientResponse::pause));
    BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
    response.handler(chunk -> chunks.add(chunk.toString()));
    Future<Void> end = response.end();
    response.resume();

    assertThat(chunks.poll(5, TimeUnit.SECONDS)).isEqualTo("data: one\n\n");
    second.complete();
    assertThat(chunks.poll(5, TimeUnit.SECONDS)).isEqualTo("data: two\n\n");
    await(end);
    assertThat(response.getHeader("x-accel-buffering")).isEqualTo("no");
    assertThat(response.getHeader("cache-control")).isEqualTo("no-cache, no-transform");
  }

  @Test
  void only_the_named_headers_pass_and_the_token_comes_from_the_cookie() throws Exception {
    api.router
        .get("/media")
        .handler(
            ctx ->
                ctx.response()
                    .putHeader("content-type", "application/json")
                    .putHeader("etag", "\"1\"")
                    .putHeader("set-cookie", "a=b")
                    .putHeader("x-internal-node", "7")
                    .putHeader("authorization", "Bearer x")
                    .end("{}"));
    HttpClientResponse response =
        get(
            "/api/media?q=a%20b&c=%2F",
            Map.of(
                "cookie", COOKIE + "; other=1",
                "authorization", "Bearer from-the-browser",
                "x-forwarded-for", "6.6.6.6",
                "accept", "application/json",
                "prefer", "wait=1",
                "x-request-id", "mine-1"));

    TestingApi.Asked asked = asked();
    assertThat(asked.uri()).isEqualTo("/media?q=a%20b&c=%2F");
    assertThat(asked.headers().get("authorization")).isEqualTo("Bearer " + TestingApi.TOKEN);
    assertThat(asked.headers().get("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(asked.headers().get("x-request-id")).isEqualTo("mine-1");
    assertThat(asked.headers().names())
        .containsExactlyInAnyOrder(
            "host", "authorization", "x-forwarded-for", "x-request-id", "accept", "prefer");
    assertThat(response.headers().names().stream().map(name -> name.toLowerCase(Locale.ROOT)))
        .contains("etag", "x-request-id")
        .doesNotContain("set-cookie", "x-internal-node", "authorization");
    assertThat(response.getHeader("content-security-policy")).isEqualTo(SafetyHeaders.API);
  }

  @Test
  void without_a_session_the_api_is_not_even_asked() {
    for (String cookie :
        new String[] {"", "other=1", "lectern_session=", "lectern_session=a%0d%0ab"}) {
      HttpClientResponse response = get("/api/media", Map.of("cookie", cookie));
      assertThat(response.statusCode()).isEqualTo(401);
      JsonObject error = json(response).getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("E_UNAUTHENTICATED");
      assertThat(error.getString("request_id")).isEqualTo(response.getHeader("x-request-id"));
    }
    assertThat(api.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/auth/token",
        "/api//auth/token",
        "/api/%61uth/token",
        "/api/x/../auth/token",
        "/api/auth/"
      })
  void the_apis_own_sign_in_is_out_of_reach_however_it_is_spelled(String path) {
    HttpClientResponse response = send(HttpMethod.POST, path, own(), "{}");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(api.asked).isEmpty();
  }

  @Test
  void only_own_pages_change_anything() {
    api.router.post("/conversations").handler(ctx -> ctx.response().setStatusCode(201).end());
    String host = "127.0.0.1:" + gateway.port();
    assertThat(posted(Map.of("cookie", COOKIE))).isEqualTo(403);
    assertThat(posted(Map.of("cookie", COOKIE, "origin", "null"))).isEqualTo(403);
    assertThat(posted(Map.of("cookie", COOKIE, "origin", "http://evil.example"))).isEqualTo(403);
    assertThat(posted(Map.of("cookie", COOKIE, "origin", "http://127.0.0.1:1"))).isEqualTo(403);
    assertThat(posted(Map.of("cookie", COOKIE, "referer", "http://evil.example/" + host)))
        .isEqualTo(403);
    assertThat(
            posted(
                Map.of("cookie", COOKIE, "origin", "http://evil.example", "host", "evil.example")))
        .as("a name of somebody else's that leads here")
        .isEqualTo(403);
    assertThat(api.asked).isEmpty();
    assertThat(posted(Map.of("cookie", COOKIE, "origin", "http://" + host))).isEqualTo(201);
    assertThat(posted(Map.of("cookie", COOKIE, "referer", "http://" + host + "/read/1")))
        .isEqualTo(201);
    assertThat(
            posted(
                Map.of(
                    "cookie", COOKIE,
                    "origin", "http://localhost:" + gateway.port(),
                    "host", "localhost:" + gateway.port())))
        .isEqualTo(201);
  }

  @Test
  void behind_a_public_address_only_that_one_counts_and_the_cookie_is_secure() {
    gateway = deploy(Optional.of(URI.create("https://read.example.org")));
    signingIn();
    assertThat(send(HttpMethod.POST, "/auth/login", own(), "{}").statusCode()).isEqualTo(403);
    HttpClientResponse response =
        send(HttpMethod.POST, "/auth/login", Map.of("origin", "https://read.example.org"), "{}");
    assertThat(response.getHeader("set-cookie")).contains("; Secure");
    assertThat(response.getHeader("strict-transport-security")).isNotNull();
  }

  @Test
  void signing_in_keeps_the_token_in_a_cookie_and_tells_the_page_the_user() throws Exception {
    signingIn();
    HttpClientResponse response = send(HttpMethod.POST, "/auth/login", own(), "{\"email\":\"e\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.getHeader("set-cookie"))
        .startsWith(COOKIE + ";")
        .contains("; HTTPOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=")
        .doesNotContain("Secure");
    JsonObject told = json(response);
    assertThat(told.encode()).isEqualTo("{\"data\":{\"user\":{\"id\":\"1\"}}}");
    assertThat(asked().headers().get("x-forwarded-for")).isEqualTo("127.0.0.1");
  }

  @Test
  void a_refused_sign_in_is_told_as_the_api_tells_it_and_sets_no_cookie() {
    api.router
        .post("/auth/token")
        .handler(
            ctx ->
                ctx.response()
                    .setStatusCode(429)
                    .putHeader("content-type", "application/json")
                    .putHeader("retry-after", "9")
                    .end("{\"error\":{\"code\":\"E_RATE_LIMITED\"}}"));
    HttpClientResponse response = send(HttpMethod.POST, "/auth/login", own(), "{}");
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.getHeader("retry-after")).isEqualTo("9");
    assertThat(response.getHeader("set-cookie")).isNull();
    assertThat(json(response).getJsonObject("error").getString("code")).isEqualTo("E_RATE_LIMITED");
    assertThat(send(HttpMethod.POST, "/auth/login", own(), "x".repeat(20_000)).statusCode())
        .isEqualTo(413);
  }

  @Test
  void the_session_tells_who_is_signed_in_and_who_may_register() {
    api.router
        .get("/me")
        .handler(
            ctx -> {
              boolean mine =
                  ("Bearer " + TestingApi.TOKEN).equals(ctx.request().getHeader("authorization"));
              if (mine) {
                ctx.json(TestingApi.data("user", new JsonObject().put("id", "1")));
              } else {
                ctx.response().setStatusCode(401).end("{}");
              }
            });
    assertThat(json(get("/auth/session", Map.of("cookie", COOKIE))).encode())
        .isEqualTo("{\"data\":{\"user\":{\"id\":\"1\"},\"registration\":\"closed\"}}");
    assertThat(json(get("/auth/session", Map.of())).encode())
        .isEqualTo("{\"data\":{\"user\":null,\"registration\":\"closed\"}}");
    HttpClientResponse over = get("/auth/session", Map.of("cookie", "lectern_session=old"));
    assertThat(over.getHeader("set-cookie")).startsWith("lectern_session=;").contains("Max-Age=0");
    assertThat(json(over).getJsonObject("data").getValue("user")).isNull();
  }

  @Test
  void signing_out_forgets_the_cookie_even_when_the_api_does_not_answer() throws Exception {
    api.router.post("/auth/sign-out").handler(ctx -> ctx.response().setStatusCode(204).end());
    Map<String, String> headers =
        Map.of("cookie", COOKIE, "origin", "http://127.0.0.1:" + gateway.port());
    HttpClientResponse response = send(HttpMethod.POST, "/auth/logout", headers, "");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.getHeader("set-cookie")).contains("Max-Age=0");
    assertThat(asked().headers().get("authorization")).isEqualTo("Bearer " + TestingApi.TOKEN);
    api.close();
    assertThat(send(HttpMethod.POST, "/auth/logout", headers, "").statusCode()).isEqualTo(204);
  }

  @Test
  void an_api_that_is_not_there_is_503_with_a_time_to_come_back() {
    api.close();
    HttpClientResponse response = get("/api/media", Map.of("cookie", COOKIE));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.getHeader("retry-after")).isEqualTo("2");
    assertThat(json(response).getJsonObject("error").getString("code")).isEqualTo("E_UNAVAILABLE");
  }

  @Test
  void an_upload_arrives_whole_however_late_the_api_begins_to_read() throws Exception {
    Promise<Void> go = Promise.promise();
    AtomicLong received = new AtomicLong();
    api.router
        .post("/media/upload")
        .handler(
            ctx -> {
              ctx.request().pause().handler(chunk -> received.addAndGet(chunk.length()));
              ctx.request().endHandler(_ -> ctx.end("" + received.get()));
              go.future().onSuccess(_ -> ctx.request().resume());
            });
    HttpClientRequest request =
        await(browser.request(options(HttpMethod.POST, "/api/media/upload", own())));
    request.putHeader("content-length", "" + BODY_BYTES);
    Buffer chunk = Buffer.buffer(new byte[64 << 10]);
    long sent = 0;
    while (sent < BODY_BYTES && !request.writeQueueFull()) {
      request.write(chunk);
      sent += chunk.length();
    }
    asked();
    go.complete();
    Promise<Void> done = Promise.promise();
    long already = sent;
    vertx.runOnContext(_ -> pump(request, chunk, already, done));
    await(done.future());
    Future<Buffer> told = request.response().compose(HttpClientResponse::body);
    assertThat(await(told).toString()).isEqualTo("" + BODY_BYTES);
  }

  @Test
  void a_body_that_is_announced_as_too_long_is_refused_before_the_api_is_asked() {
    HttpClientRequest request =
        await(browser.request(options(HttpMethod.POST, "/api/media/upload", own())));
    request.putHeader("content-length", "" + (BODY_BYTES + 1));
    request.sendHead();
    HttpClientResponse response = await(request.response());
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(api.asked).isEmpty();
  }

  @Test
  void a_browser_that_goes_away_ends_the_call_to_the_api() {
    Promise<Void> gone = Promise.promise();
    api.router
        .get("/events")
        .handler(
            ctx -> {
              ctx.response().closeHandler(_ -> gone.complete());
              ctx.response().setChunked(true).write("data: one\n\n");
            });
    HttpClientRequest request =
        await(browser.request(options(HttpMethod.GET, "/api/events", Map.of("cookie", COOKIE))));
    await(request.send());
    await(request.connection().close());
    await(gone.future());
  }

  @Test
  void half_an_answer_never_looks_like_a_whole_one() {
    api.router
        .get("/media")
        .handler(
            ctx -> {
              ctx.response().setChunked(true).write("half");
              vertx.runOnContext(_ -> ctx.request().connection().close());
            });
    HttpClientRequest request =
        await(browser.request(options(HttpMethod.GET, "/api/media", Map.of("cookie", COOKIE))));
    assertThatThrownBy(() -> await(request.send().compose(HttpClientResponse::body)))
        .isNotInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_app_is_served_with_strict_headers_and_every_address_is_a_screen() {
    HttpClientResponse screen = get("/read/123?x=1", Map.of());
    assertThat(await(screen.body()).toString()).startsWith("<!doctype html>");
    assertThat(screen.getHeader("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(screen.getHeader("cache-control")).isEqualTo("no-cache");
    assertThat(screen.getHeader("content-security-policy"))
        .contains("script-src 'self';", "trusted-types reader-html pdf-worker")
        .doesNotContain("unsafe");
    String etag = screen.getHeader("etag");
    assertThat(get("/", Map.of("if-none-match", etag)).statusCode()).isEqualTo(304);

    HttpClientResponse module =
        get("/assets/part-abc123.mjs", Map.of("accept-encoding", "gzip, br"));
    assertThat(module.getHeader("content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(module.getHeader("cache-control")).contains("immutable");
    assertThat(module.getHeader("content-encoding")).isEqualTo("gzip");
    assertThat(get("/assets/gone.js", Map.of()).statusCode()).isEqualTo(404);
    assertThat(send(HttpMethod.POST, "/", own(), "").statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../logback.xml",
        "/%2e%2e/logback.xml",
        "/assets/..%2f..%2flogback.xml",
        "/assets",
        "/assets/%00.js"
      })
  void nothing_outside_the_app_is_served(String path) {
    HttpClientResponse response = get(path, Map.of());
    assertThat(await(response.body()).toString()).doesNotContain("configuration", "part-abc");
  }

  @Test
  void it_says_that_it_lives() {
    assertThat(json(get("/health/live", Map.of())).encode()).isEqualTo("{\"status\":\"ok\"}");
  }

  private void pump(HttpClientRequest request, Buffer chunk, long sent, Promise<Void> done) {
    long now = sent;
    while (now < BODY_BYTES) {
      if (request.writeQueueFull()) {
        long rest = now;
        request.drainHandler(_ -> pump(request, chunk, rest, done));
        return;
      }
      request.write(chunk);
      now += chunk.length();
    }
    request.end();
    done.complete();
  }

  private void signingIn() {
    JsonObject signedIn =
        new JsonObject()
            .put("token", TestingApi.TOKEN)
            .put("expires_at", OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).toString())
            .put("user", new JsonObject().put("id", "1"));
    api.router.post("/auth/token").handler(ctx -> ctx.json(new JsonObject().put("data", signedIn)));
  }

  private GatewayVerticle deploy(Optional<URI> publicUrl) {
    GatewayVerticle verticle =
        new GatewayVerticle(
            new GatewaySettings("127.0.0.1", 0, publicUrl, api.address(), BODY_BYTES));
    await(vertx.deployVerticle(verticle));
    return verticle;
  }

  private Map<String, String> own() {
    return Map.of(
        "cookie",
        COOKIE,
        "origin",
        "http://127.0.0.1:" + gateway.port(),
        "content-type",
        "application/json");
  }

  private int posted(Map<String, String> headers) {
    return send(HttpMethod.POST, "/api/conversations", headers, "{}").statusCode();
  }

  private HttpClientResponse get(String uri, Map<String, String> headers) {
    return send(HttpMethod.GET, uri, headers, "");
  }

  private HttpClientResponse send(
      HttpMethod method, String uri, Map<String, String> headers, String body) {
    return await(
        browser
            .request(options(method, uri, headers))
            .compose(request -> body.isEmpty() ? request.send() : request.send(body))
            .compose(response -> response.body().map(response)));
  }

  private RequestOptions options(HttpMethod method, String uri, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI(uri);
    headers.forEach(options::putHeader);
    return options;
  }

  private TestingApi.Asked asked() throws InterruptedException {
    TestingApi.Asked asked = api.asked.poll(5, TimeUnit.SECONDS);
    assertThat(asked).isNotNull();
    return asked;
  }

  private static JsonObject json(HttpClientResponse response) {
    return await(response.body()).toJsonObject();
  }
}
