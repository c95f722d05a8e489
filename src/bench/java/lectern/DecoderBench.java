package lectern;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import lectern.llm.BareStream;

/**
 * What reading an answer takes by itself: its bytes copied, cut into events, and read into pieces
 * of text, on one thread, without a network. Memory is what the thread allocated for an event of a
 * short answer and of one twenty times as long: the same, when nothing grows with the answer.
 */
final class DecoderBench {
  private static final int ROUNDS = 5;
  private static final int EVENTS = 20_000;
  private static final int PACKET = 4096;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private DecoderBench() {}

  static void run(Path home) {
    Bench.say(
        "%-18s %10s %10s %10s %12s %8s %14s %14s",
        "",
        "copy MB/s",
        "events",
        "pieces",
        "pieces/s",
        "of copy",
        "B/event short",
        "B/event long");
    for (String dialect : List.of("openai-responses", "openai-compatible", "anthropic", "gemini")) {
      measure(dialect, BareStream.of(dialect, EVENTS, PACKET));
    }
  }

  private static void measure(String dialect, BareStream stream) {
    double[] copied = new double[ROUNDS];
    double[] decoded = new double[ROUNDS];
    double[] read = new double[ROUNDS];
    for (int warm = 0; warm < 20; warm++) {
      stream.copy();
      stream.decode();
      stream.read();
    }
    for (int round = 0; round < ROUNDS; round++) {
      copied[round] = seconds(stream::copy, 400);
      decoded[round] = seconds(stream::decode, 10);
      read[round] = seconds(stream::read, 5);
    }
    double megabytes = stream.bytes() / 1e6;
    double copy = megabytes / Sample.median(copied);
    double pieces = megabytes / Sample.median(read);
    Bench.say(
        "%-18s %10.0f %10.0f %10.0f %12.0f %7.2f%% %14.0f %14.0f",
        dialect,
        copy,
        megabytes / Sample.median(decoded),
        pieces,
        stream.events() / Sample.median(read),
        100 * pieces / copy,
        allocated(BareStream.of(dialect, EVENTS / 20, PACKET)),
        allocated(stream));
    if (stream.said() == 0) {
      throw new IllegalStateException("nothing was copied");
    }
  }

  private static double seconds(Runnable work, int times) {
    long began = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    return (System.nanoTime() - began) / 1e9 / times;
  }

  private static double allocated(BareStream stream) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    stream.read();
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / stream.events();
  }
}
