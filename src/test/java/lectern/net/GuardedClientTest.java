package lectern.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.JksOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import lectern.net.FetchFailure.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class GuardedClientTest {
  private static final int LIMIT = 100_000;

  private static Vertx vertx;
  private static TestingSite site;

  /** Loopback's first address alone, so that its others stand for the rest of a network. */
  private static final Guard GUARD = new Guard(List.of(AddressBlock.of("127.0.0.1/32")), true);

  private final Map<String, List<String>> names = new ConcurrentHashMap<>();
  private final List<String> lookedUp = Collections.synchronizedList(new ArrayList<>());
  private final GuardedClient client =
      new GuardedClient(vertx, GUARD, this::resolve, new HttpClientOptions());

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    site = TestingSite.start(vertx);
    site.serves("/", "text/html; charset=utf-8", "<p>Here.</p>");
  }

  @AfterAll
  static void close() {
    site.close();
    await(vertx.close());
  }

  /** Each further look finds the next answer of the script, and then the last one again. */
  private Future<List<InetAddress>> resolve(String host) {
    lookedUp.add(host);
    List<String> script = names.get(host);
    if (script == null) {
      return Future.failedFuture(new UnknownHostException(host));
    }
    int turn = Collections.frequency(lookedUp, host) - 1;
    List<InetAddress> found = new ArrayList<>();
    for (String each : script.get(Math.min(turn, script.size() - 1)).split(" ")) {
      try {
        found.add(InetAddress.getByName(each));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
    return Future.succeededFuture(found);
  }

  private static Fetch fetch(String url) {
    return new Fetch(
        WebAddress.parse(url),
        "text/html",
        type -> !type.startsWith("video/"),
        new Fetch.Limits(LIMIT, Duration.ofSeconds(3), Duration.ofSeconds(1), 3));
  }

  private Fetched get(String url) {
    return await(client.get(fetch(url)));
  }

  private void fails(Kind kind, String url) {
    assertThatThrownBy(() -> get(url))
        .isInstanceOfSatisfying(
            FetchFailure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
  }

  private static String on(String host, String path) {
    return "http://" + host + ":" + site.port() + path;
  }

  @Test
  void a_page_comes_back_with_its_type_and_its_bytes() {
    Fetched fetched = get(site.url("/"));

    assertThat(fetched.status()).isEqualTo(200);
    assertThat(fetched.type()).isEqualTo("text/html");
    assertThat(new String(fetched.bytes(), UTF_8)).isEqualTo("<p>Here.</p>");
    assertThat(site.requests().getLast()).doesNotContainIgnoringCase("cookie");
  }

  @Test
  void the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_asked() {
    names.put("page.example", List.of("127.0.0.1"));
    assertThat(get(on("page.example", "/")).status()).isEqualTo(200);
    assertThat(site.requests().getLast()).containsIgnoringCase("host: page.example:" + site.port());
  }

  @Test
  void a_name_that_leads_elsewhere_the_second_time_is_looked_up_once() {
    names.put("rebind.example", List.of("127.0.0.1", "169.254.169.254"));
    assertThat(get(on("rebind.example", "/")).status()).isEqualTo(200);
    assertThat(lookedUp).containsExactly("rebind.example");
    fails(Kind.BLOCKED, on("rebind.example", "/"));
  }

  @Test
  void a_redirect_to_the_same_name_is_looked_up_and_checked_again() {
    names.put("turn.example", List.of("127.0.0.1", "127.0.0.2"));
    site.redirects("/turn", "/");
    long before = site.asked("/");
    fails(Kind.BLOCKED, on("turn.example", "/turn"));
    assertThat(site.asked("/")).isEqualTo(before);
  }

  @Test
  void one_bad_address_among_good_ones_is_enough_to_refuse() {
    names.put("mixed.example", List.of("127.0.0.1 10.0.0.7"));
    fails(Kind.BLOCKED, on("mixed.example", "/"));
  }

  @Test
  void the_next_address_is_tried_when_nobody_is_at_the_first() {
    Guard wide = new Guard(List.of(AddressBlock.of("127.0.0.0/8")), true);
    GuardedClient other = new GuardedClient(vertx, wide, this::resolve, new HttpClientOptions());
    names.put("two.example", List.of("127.0.0.9 127.0.0.1"));
    assertThat(await(other.get(fetch(on("two.example", "/")))).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1:8080/x",
        "//192.168.1.1/"
      })
  void a_redirect_into_a_private_network_is_not_followed(String location) {
    site.redirects("/in", location);
    fails(Kind.BLOCKED, site.url("/in"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "http://2130706433/", "http://a@127.0.0.1/", "javascript:x"})
  void a_redirect_to_no_address_is_an_answer_that_makes_no_sense(String location) {
    site.redirects("/in", location);
    fails(Kind.BROKEN, site.url("/in"));
  }

  @Test
  void redirects_are_followed_a_few_times_and_no_more() {
    site.redirects("/1", "2").redirects("/2", "/3?x=1").redirects("/3?x=1", site.url("/"));
    assertThat(get(site.url("/1")).address()).hasToString(site.url("/"));
    site.redirects("/0", "/1");
    fails(Kind.REDIRECTS, site.url("/0"));
    site.redirects("/round", "/round");
    fails(Kind.REDIRECTS, site.url("/round"));
    assertThat(site.asked("/round")).isEqualTo(4);
  }

  @Test
  void a_status_of_an_error_comes_back_without_a_body() {
    site.answers("/410", "410 Gone", "Content-Length: 4", "gone".getBytes(UTF_8));
    assertThat(get(site.url("/410")).status()).isEqualTo(410);
    assertThat(get(site.url("/410")).bytes()).isEmpty();
  }

  @Test
  void nobody_there_and_no_such_name_are_said() {
    fails(Kind.UNREACHABLE, "http://127.0.0.1:1/");
    fails(Kind.UNREACHABLE, "http://nobody.example/");
  }

  // What hostile servers do

  @Test
  void a_page_that_trickles_is_given_up_after_the_whole_time() {
    site.plays(
        "/trickle",
        socket -> {
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n");
          long timer = vertx.setPeriodic(50, _ -> socket.write("x"));
          socket.closeHandler(_ -> vertx.cancelTimer(timer));
        });
    long begun = System.nanoTime();
    fails(Kind.TIMEOUT, site.url("/trickle"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(6));
  }

  @Test
  void a_server_that_says_nothing_is_given_up_after_the_silence() {
    site.plays("/mute", _ -> {});
    site.plays("/half", socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"));
    long begun = System.nanoTime();
    fails(Kind.TIMEOUT, site.url("/mute"));
    fails(Kind.TIMEOUT, site.url("/half"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  /** Writes for as long as anybody takes it. */
  private static void pour(NetSocket socket, Buffer piece) {
    socket.closeHandler(_ -> socket.drainHandler(null));
    socket.drainHandler(_ -> pour(socket, piece));
    while (!socket.writeQueueFull()) {
      socket.write(piece);
    }
  }

  @Test
  void a_body_without_end_is_cut_at_the_limit() {
    Buffer piece = Buffer.buffer("2000\r\n" + "x".repeat(0x2000) + "\r\n");
    site.plays(
        "/endless",
        socket -> {
          socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          pour(socket, piece);
        });
    fails(Kind.TOO_LARGE, site.url("/endless"));
  }

  @Test
  void a_length_above_the_limit_is_not_waited_for() {
    site.plays("/huge", s -> s.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"));
    fails(Kind.TOO_LARGE, site.url("/huge"));
  }

  @Test
  void a_body_shorter_than_it_said_is_broken() {
    site.answers("/short", "200 OK", "Content-Length: 500", "<p>".getBytes(UTF_8));
    fails(Kind.BROKEN, site.url("/short"));
  }

  @Test
  void a_connection_cut_in_its_headers_is_broken() {
    site.plays("/cut", socket -> socket.end(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-")));
    fails(Kind.BROKEN, site.url("/cut"));
  }

  @Test
  void headers_without_end_are_cut() {
    Buffer piece = Buffer.buffer(("X-Flood: " + "y".repeat(500) + "\r\n").repeat(10));
    site.plays(
        "/flood",
        socket -> {
          socket.write("HTTP/1.1 200 OK\r\n");
          pour(socket, piece);
        });
    site.plays("/statusflood", s -> pour(s, Buffer.buffer("HTTP/1.1 103 Early Hints\r\n\r\n")));
    assertThatThrownBy(() -> get(site.url("/flood"))).isInstanceOf(FetchFailure.class);
    assertThatThrownBy(() -> get(site.url("/statusflood"))).isInstanceOf(FetchFailure.class);
  }

  @Test
  void what_is_not_http_is_said() {
    site.plays("/ssh", socket -> socket.end(Buffer.buffer("SSH-2.0-OpenSSH_9.9\r\n")));
    assertThatThrownBy(() -> get(site.url("/ssh"))).isInstanceOf(FetchFailure.class);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static void packed(String path, String how, byte[] body) {
    site.answers(
        path, "200 OK", "Content-Encoding: " + how + "\r\nContent-Length: " + body.length, body);
  }

  @Test
  void a_packed_page_is_unpacked_and_a_bomb_is_not() throws IOException {
    packed("/gzip", "gzip", gzip("<p>Small.</p>".getBytes(UTF_8)));
    packed("/full", "gzip", gzip(new byte[LIMIT]));
    packed("/bomb", "gzip", gzip(new byte[50 << 20]));
    assertThat(new String(get(site.url("/gzip")).bytes(), UTF_8)).isEqualTo("<p>Small.</p>");
    assertThat(get(site.url("/full")).bytes()).hasSize(LIMIT);
    fails(Kind.TOO_LARGE, site.url("/bomb"));
  }

  @Test
  void what_only_says_it_is_packed_is_broken() {
    packed("/liar", "gzip", "not packed".getBytes(UTF_8));
    packed("/br", "br", "x".getBytes(UTF_8));
    fails(Kind.BROKEN, site.url("/liar"));
    fails(Kind.BROKEN, site.url("/br"));
  }

  @Test
  void a_type_nobody_wants_is_not_read() {
    site.plays(
        "/film", socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Type: Video/MP4; x=y\r\n\r\n"));
    fails(Kind.UNWANTED, site.url("/film"));
  }

  @Test
  void the_client_goes_on_after_all_of_this() {
    for (String path : List.of("/short", "/cut", "/ssh")) {
      site.plays(path, NetSocket::close);
      assertThatThrownBy(() -> get(site.url(path))).isInstanceOf(FetchFailure.class);
    }
    assertThat(get(site.url("/")).status()).isEqualTo(200);
  }

  // TLS

  @Test
  void a_certificate_has_to_be_for_the_name_that_was_asked(@TempDir Path directory)
      throws IOException, InterruptedException {
    String store = directory.resolve("good.p12").toString();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "good",
                "-dname",
                "CN=good.example",
                "-ext",
                "SAN=dns:good.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "testing",
                "-keystore",
                store)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    JksOptions keys = new JksOptions().setPath(store).setPassword("testing");
    GuardedClient trusting =
        new GuardedClient(
            vertx, GUARD, this::resolve, new HttpClientOptions().setTrustOptions(keys));
    names.put("good.example", List.of("127.0.0.1"));
    names.put("other.example", List.of("127.0.0.1"));
    try (TestingSite secure =
        TestingSite.start(vertx, new NetServerOptions().setSsl(true).setKeyCertOptions(keys))) {
      secure.serves("/", "text/html", "<p>Safe.</p>");
      String url = "https://%s:" + secure.port() + "/";

      assertThat(await(trusting.get(fetch(url.formatted("good.example")))).status()).isEqualTo(200);
      assertThatThrownBy(() -> await(trusting.get(fetch(url.formatted("other.example")))))
          .isInstanceOf(FetchFailure.class);
      assertThatThrownBy(() -> get(url.formatted("good.example"))).isInstanceOf(FetchFailure.class);
    }
  }
}
