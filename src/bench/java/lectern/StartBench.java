package lectern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From the start of the process to its first 200 at /health/ready, and its memory after some idle
 * seconds; against the time the same program takes to print its version.
 */
final class StartBench {
  private static final int ROUNDS = 5;
  private static final int IDLE_SECONDS = 5;

  private final Path directory;
  private final List<Run> cold = new ArrayList<>();
  private final List<Run> warm = new ArrayList<>();
  private final List<Run> cached = new ArrayList<>();
  private final List<Double> version = new ArrayList<>();

  private StartBench(Path directory) {
    this.directory = directory;
  }

  private record Run(double readyMillis, double javaMegabytes, double databaseMegabytes) {}

  static void run(Path directory) throws IOException {
    StartBench bench = new StartBench(directory);
    try {
      bench.measure();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void measure() throws IOException, InterruptedException {
    Path cache = directory.resolve("lectern.aot");
    List<String> withCache = List.of("-XX:AOTCache=" + cache);
    once(home(0), List.of("-XX:AOTCacheOutput=" + cache));
    boolean hasCache = Files.exists(cache);
    for (int round = 1; round <= ROUNDS; round++) {
      version.add(Program.versionMillis());
      cold.add(once(home(round), List.of()));
      warm.add(once(home(round), List.of()));
      if (hasCache) {
        cached.add(once(home(round), withCache));
      }
    }
    Bench.say("%-34s %8s %8s %10s %12s", "start", "ms", "ratio", "Java, MB", "database, MB");
    Bench.say("%-34s %8.0f", "java -jar lectern.jar --version", middle(version));
    say("cold, a new data directory", cold);
    say("warm, a data directory in use", warm);
    say("warm, with an AOT cache", cached);
  }

  private Path home(int number) {
    return directory.resolve("home-" + number);
  }

  private static Run once(Path home, List<String> jvm) throws IOException, InterruptedException {
    Map<String, String> settings = Map.of("LECTERN_LOCAL_MODELS", "false");
    try (Program program = Program.start(home, settings, jvm)) {
      double ready = program.readyMillis();
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      return new Run(ready, program.javaMegabytes(), program.databaseMegabytes());
    }
  }

  private void say(String name, List<Run> runs) {
    if (runs.isEmpty()) {
      Bench.say("%-34s %8s", name, "none");
      return;
    }
    double ready = middle(runs.stream().map(Run::readyMillis).toList());
    Bench.say(
        "%-34s %8.0f %7.1fx %10.0f %12.0f   (rounds %s)",
        name,
        ready,
        ready / middle(version),
        middle(runs.stream().map(Run::javaMegabytes).toList()),
        middle(runs.stream().map(Run::databaseMegabytes).toList()),
        runs.stream().map(each -> "%.0f".formatted(each.readyMillis())).toList());
  }

  private static double middle(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }
}
