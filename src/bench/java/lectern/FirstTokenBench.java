package lectern;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import lectern.BenchClient.Reader;
import lectern.BenchUpstream.Tongue;

/**
 * Time from the question to the first piece of its answer: a streamed send, against the same client
 * asking the model server itself.
 */
final class FirstTokenBench {
  private static final int ROUNDS = 5;
  private static final int READERS = 16;
  private static final String QUESTION = "What does he mean by attention, and why does it matter?";

  private final BenchServer on;
  private final List<Reader> readers;
  private final Tongue tongue;

  private FirstTokenBench(BenchServer on) {
    this(on, on.readers(READERS), Tongue.CHAT);
  }

  private FirstTokenBench(BenchServer on, List<Reader> readers, Tongue tongue) {
    this.on = on;
    this.readers = readers;
    this.tongue = tongue;
  }

  static void run(Path home) {
    try (BenchServer on = new BenchServer(home)) {
      FirstTokenBench bench = new FirstTokenBench(on);
      bench.ours(3_000, 16);
      bench.direct(3_000, 16);
      Bench.say("%-34s %17s %17s %s", "", "through Lectern", "model server", "");
      Bench.say(
          "%-34s %8s %8s %8s %8s %s", "first token, ms", "p50", "p95", "p50", "p95", "added p50");
      bench.compare("1 question at a time", 300, 1);
      bench.compare("16 questions at a time", 1_000, 16);
      bench.asking("anthropic", Tongue.MESSAGES).inAnotherDialect("1 at a time, Messages");
      bench.asking("gemini", Tongue.CONTENT).inAnotherDialect("1 at a time, streamGenerateContent");
    }
    Map<String, String> responses = Map.of("OPENAI_DIALECT", "openai-responses");
    try (BenchServer on = new BenchServer(home.resolve("responses"), responses)) {
      new FirstTokenBench(on)
          .asking("openai", Tongue.RESPONSES)
          .inAnotherDialect("1 at a time, Responses");
    }
    Map<String, String> interactions = Map.of("GEMINI_DIALECT", "gemini-interactions");
    try (BenchServer on = new BenchServer(home.resolve("interactions"), interactions)) {
      new FirstTokenBench(on)
          .asking("gemini", Tongue.INTERACTIONS)
          .inAnotherDialect("1 at a time, Interactions");
    }
  }

  private FirstTokenBench asking(String provider, Tongue other) {
    UUID model = on.model(provider);
    return new FirstTokenBench(
        on, readers.stream().map(reader -> reader.asking(model)).toList(), other);
  }

  private void inAnotherDialect(String name) {
    ours(1_000, 1);
    direct(1_000, 1);
    compare(name, 300, 1);
  }

  private void compare(String name, int times, int underWay) {
    List<Sample> ours = new ArrayList<>();
    List<Sample> direct = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ours.add(ours(times, underWay));
      direct.add(direct(times, underWay));
    }
    double added = middle(ours, 0.5) - middle(direct, 0.5);
    Bench.say(
        "%-34s %8.2f %8.2f %8.2f %8.2f %8.2f   (%.1f times)",
        name,
        middle(ours, 0.5),
        middle(ours, 0.95),
        middle(direct, 0.5),
        middle(direct, 0.95),
        added,
        middle(ours, 0.5) / middle(direct, 0.5));
  }

  private static double middle(List<Sample> rounds, double part) {
    return Sample.median(rounds, sample -> sample.millis(part));
  }

  private Sample ours(int times, int underWay) {
    on.settle();
    return firstTokens(
        times,
        underWay,
        (number, heard) -> on.client.stream(readers.get(number % READERS), null, QUESTION, heard));
  }

  private Sample direct(int times, int underWay) {
    return firstTokens(
        times,
        underWay,
        (_, heard) -> on.client.askModel(on.upstream.port(), tongue, QUESTION, heard));
  }

  private interface Asking {
    Future<Void> ask(int number, Consumer<Buffer> heard);
  }

  private Sample firstTokens(int times, int underWay, Asking asking) {
    long[] first = new long[times];
    long began = System.nanoTime();
    Load.run(
        on.vertx,
        times,
        underWay,
        (_, number) -> {
          long from = System.nanoTime();
          return asking.ask(
              number,
              packet -> {
                if (first[number] == 0 && hasToken(packet)) {
                  first[number] = System.nanoTime() - from;
                }
              });
        });
    return new Sample(first, System.nanoTime() - began);
  }

  private static boolean hasToken(Buffer packet) {
    return packet.toString().indexOf(BenchUpstream.MARK) >= 0;
  }
}
