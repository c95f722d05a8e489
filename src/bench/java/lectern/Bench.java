package lectern;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lectern.telemetry.LogFormat;
import lectern.telemetry.LogLevel;
import lectern.telemetry.Logging;
import lectern.telemetry.Scope;

/** Runs the benchmarks that are named, or all. */
public final class Bench {
  private static final PrintStream OUT = System.out;
  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    ALL.put("opening", OpeningBench::run);
    ALL.put("decoder", DecoderBench::run);
    ALL.put("first_token", FirstTokenBench::run);
    ALL.put("import", ImportBench::run);
    ALL.put("reading", ReadingBench::run);
    ALL.put("routing", RoutingBench::run);
    ALL.put("start", StartBench::run);
    ALL.put("pdf", PdfBench::run);
    ALL.put("streams", StreamsBench::run);
  }

  /** Measures in a directory of its own and says what it found. */
  interface Benchmark {
    void run(Path home) throws IOException;
  }

  private Bench() {}

  /** Ends the process whatever happens: what a failed benchmark left open must not hold it. */
  static void main(String[] args) {
    int code = 1;
    try {
      runAll(args);
      code = 0;
    } catch (IOException | RuntimeException failed) {
      failed.printStackTrace();
    }
    System.exit(code);
  }

  private static void runAll(String[] args) throws IOException {
    List<String> names = args[0].equals("all") ? List.copyOf(ALL.keySet()) : List.of(args);
    if (!ALL.keySet().containsAll(names)) {
      throw new IllegalArgumentException("-Dbench is one of " + ALL.keySet() + ", or all");
    }
    Path directory = Path.of("target", "bench").toAbsolutePath();
    Files.createDirectories(directory);
    Scope.register();
    logTo(directory.resolve("log"));
    for (String name : names) {
      say(
          "%n== %s (%d cores, Java %s, load average %.2f at the start)%n",
          name, Runtime.getRuntime().availableProcessors(), Runtime.version(), loadAverage());
      ALL.get(name).run(Files.createTempDirectory(directory, name + "-"));
    }
  }

  /** The lines a server writes are part of its work; here they go to a file. */
  private static void logTo(Path file) throws IOException {
    System.setOut(
        new PrintStream(new FileOutputStream(file.toFile()), true, StandardCharsets.UTF_8));
    Logging.configure(LogLevel.INFO, LogFormat.JSON);
  }

  private static double loadAverage() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static void say(String format, Object... values) {
    OUT.printf(format + "%n", values);
  }

  static void say(String line) {
    OUT.println(line);
  }
}
