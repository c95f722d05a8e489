package lectern.library;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import lectern.library.document.Picture;
import lectern.library.document.Pictures;
import lectern.net.Guard;
import lectern.net.GuardedClient;
import lectern.net.TestingSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PictureFetchTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  private static Vertx vertx;
  private TestingSite site;
  private final List<NetSocket> held = new CopyOnWriteArrayList<>();
  private final List<Integer> told = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    await(vertx.close());
  }

  @BeforeEach
  void begin() {
    site = TestingSite.start(vertx);
  }

  /** A few words stand for a picture. */
  private static Future<Optional<Picture>> decoded(byte[] bytes) {
    return Future.succeededFuture(
        Optional.of(new Picture("n", "image/png", 1, bytes.length, bytes)));
  }

  private Future<Map<String, Picture>> fetch(List<String> addresses, Duration together) {
    return PictureFetch.of(
        vertx,
        new GuardedClient(vertx, Guard.of(true)),
        PictureFetchTest::decoded,
        addresses,
        together,
        told::add);
  }

  private static void give(NetSocket socket) {
    socket.end(
        Buffer.buffer(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: image/png\r\n"
                + "Content-Length: 1\r\n\r\nx"));
  }

  private void holds(int count) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (held.size() < count) {
      assertThat(System.nanoTime()).as("%d are asked for", held.size()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void six_are_asked_for_at_once_and_each_that_ends_makes_room_for_one() {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      site.plays("/" + i, held::add);
      addresses.add(site.url("/" + i));
    }
    Future<Map<String, Picture>> brought = fetch(addresses, LONG);

    for (int ended = 0; ended < addresses.size(); ended++) {
      int most = Math.min(addresses.size(), ended + PictureFetch.AT_ONCE);
      holds(most);
      assertThat(held).hasSize(most);
      give(held.get(ended));
    }

    assertThat(await(brought)).hasSize(addresses.size());
    assertThat(told).hasSize(addresses.size()).isSorted().endsWith(100);
  }

  @Test
  void what_does_not_come_in_time_is_left_out_and_the_rest_is_there() {
    site.serves("/a", "image/png", "x");
    site.plays("/never", held::add);

    Map<String, Picture> brought =
        await(fetch(List.of(site.url("/never"), site.url("/a")), Duration.ofSeconds(1)));

    assertThat(brought).containsOnlyKeys(site.url("/a"));
  }

  @Test
  void what_is_too_large_or_no_address_is_left_out() {
    String tooMuch = "Content-Type: image/png\r\nContent-Length: " + (Pictures.MAX_BYTES + 1);
    site.answers("/huge", "200 OK", tooMuch, new byte[10]);
    site.answers("/endless", "200 OK", "Content-Type: image/png", new byte[Pictures.MAX_BYTES + 1]);
    site.serves("/most", "image/png", new byte[Pictures.MAX_BYTES]);
    List<String> all =
        List.of(site.url("/huge"), site.url("/endless"), "http://", site.url("/most"));

    assertThat(await(fetch(all, LONG))).containsOnlyKeys(site.url("/most"));
    assertThat(IntStream.of(told.stream().mapToInt(i -> i).toArray()).max()).hasValue(100);
  }
}
