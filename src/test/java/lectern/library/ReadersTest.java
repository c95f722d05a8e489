package lectern.library;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lectern.library.document.Progress;
import lectern.library.document.Unreadable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadersTest {
  private static Vertx vertx;

  private final Readers readers = new Readers(vertx, Duration.ofMillis(20));
  private final CountDownLatch ending = new CountDownLatch(1);

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    await(vertx.close());
  }

  @AfterEach
  void end() {
    ending.countDown();
  }

  private static Progress patience(int millis) {
    return new Progress(Duration.ofMillis(millis));
  }

  /** Reads on until the test ends, and takes no notice of anything. */
  private Future<String> stubborn(CountDownLatch ended) {
    return readers.read(
        patience(30),
        () -> {
          while (ending.getCount() > 0) {
            Thread.onSpinWait();
          }
          ended.countDown();
          return "late";
        });
  }

  @Test
  void what_is_read_or_fails_in_time_comes_back() {
    assertThat(await(readers.read(patience(5000), () -> "words"))).isEqualTo("words");
    assertThatThrownBy(
            () ->
                await(
                    readers.read(
                        patience(5000),
                        () -> {
                          throw new StackOverflowError("deep");
                        })))
        .hasMessageContaining("deep");
    assertThat(readers.mayBegin()).isTrue();
  }

  @Test
  void what_takes_no_notice_of_its_time_is_left_behind_and_others_are_read() {
    assertThatThrownBy(() -> await(stubborn(new CountDownLatch(1))))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("too long");
    assertThat(await(readers.read(patience(5000), () -> "next"))).isEqualTo("next");
    assertThat(readers.mayBegin()).isTrue();
  }

  @Test
  void so_many_are_left_behind_and_no_more_until_they_end() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(Readers.MOST_LEFT);
    List<Future<String>> left = new ArrayList<>();
    for (int i = 0; i < Readers.MOST_LEFT; i++) {
      assertThat(readers.mayBegin()).isTrue();
      left.add(stubborn(ended));
      await(left.getLast().otherwise("left"));
    }
    assertThat(readers.mayBegin()).isFalse();

    ending.countDown();
    ended.await();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!readers.mayBegin()) { // Until its thread has said so.
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(left).allMatch(Future::failed);
  }
}
