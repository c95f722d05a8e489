package lectern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import lectern.BenchClient.Reader;

/**
 * Many answers that stream at once, 50 tokens a second each: what arrives through a Lectern of its
 * own process, against the same clients at the model server itself.
 */
final class StreamsBench {
  private static final int EVERY_MILLIS = 20;
  private static final int TOKENS = 15 * 1000 / EVERY_MILLIS;
  private static final int WINDOW_SECONDS = 5;

  /** What gathered while the streams opened is delivered before anything is counted. */
  private static final int SETTLE_SECONDS = 2;

  private static final int READERS = 16;

  private final Vertx vertx = Vertx.vertx();
  private final BenchUpstream upstream = BenchUpstream.paced(vertx, TOKENS, EVERY_MILLIS);
  private final BenchClient client = new BenchClient(vertx);

  static void run(Path home) throws IOException {
    StreamsBench bench = new StreamsBench();
    try (Program program =
        Program.start(
            home.resolve("home"),
            BenchServer.unlimited(bench.upstream.baseUrl().toString()),
            List.of())) {
      program.readyMillis();
      bench.measure(program);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      bench.upstream.close();
      Parts.await(bench.vertx.close());
    }
  }

  private void measure(Program program) throws IOException, InterruptedException {
    List<Reader> readers = BenchServer.readers(client, program.port(), READERS);
    Bench.say(
        "%-22s %12s %12s %8s %12s %10s %10s",
        "", "tokens per s", "model server", "ratio", "events per s", "CPU, cores", "Java, MB");
    ours(program, readers, 200); // until the compilers have seen it
    for (int streams : List.of(200, 1_000)) {
      Heard direct = direct(streams);
      Heard ours = ours(program, readers, streams);
      Bench.say(
          "%-22s %12.0f %12.0f %7.0f%% %12.0f %10.2f %10.0f",
          streams + " streams",
          ours.tokens,
          direct.tokens,
          100 * ours.tokens / direct.tokens,
          ours.events,
          ours.cores,
          program.javaMegabytes());
    }
  }

  /** What came in a second of the window, and what the program took of the processors for it. */
  private record Heard(double tokens, double events, double cores) {}

  private interface Asking {
    Future<Void> ask(int number, Consumer<Buffer> heard);
  }

  private Heard direct(int streams) throws InterruptedException {
    return heard(streams, null, (_, heard) -> client.askModel(upstream.port(), "And then?", heard));
  }

  private Heard ours(Program program, List<Reader> readers, int streams)
      throws InterruptedException {
    return heard(
        streams,
        program,
        (number, heard) -> client.stream(readers.get(number % READERS), null, "And then?", heard));
  }

  /** Opens all streams, waits until each has spoken, and counts for some seconds. */
  private Heard heard(int streams, Program program, Asking asking) throws InterruptedException {
    LongAdder tokens = new LongAdder();
    LongAdder events = new LongAdder();
    boolean[] spoke = new boolean[streams];
    LongAdder speaking = new LongAdder();
    List<Future<Void>> all = new ArrayList<>();
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ -> {
              for (int i = 0; i < streams; i++) {
                int number = i;
                all.add(
                    asking.ask(
                        number,
                        packet -> {
                          count(packet, tokens, events);
                          if (!spoke[number]) {
                            spoke[number] = true;
                            speaking.increment();
                          }
                        }));
              }
            });
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
    while (speaking.sum() < streams && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    double before = program == null ? 0 : program.javaSeconds();
    long began = System.nanoTime();
    tokens.reset();
    events.reset();
    TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
    double seconds = (System.nanoTime() - began) / 1e9;
    double took = program == null ? 0 : program.javaSeconds() - before;
    Heard heard = new Heard(tokens.sum() / seconds, events.sum() / seconds, took / seconds);
    Parts.await(Future.all(all).timeout(60, TimeUnit.SECONDS));
    return heard;
  }

  private static void count(Buffer packet, LongAdder tokens, LongAdder events) {
    int found = 0;
    int lines = 0;
    for (int i = 0; i < packet.length(); i++) {
      byte each = packet.getByte(i);
      found += each == BenchUpstream.MARK ? 1 : 0;
      lines += each == '\n' && i > 0 && packet.getByte(i - 1) == '\n' ? 1 : 0;
    }
    tokens.add(found);
    events.add(lines);
  }
}
