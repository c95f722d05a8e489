package lectern;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged jar, run as anybody would run it: a process with its own embedded database. */
final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int port;
  private final long began;

  private Program(Process process, int port, long began) {
    this.process = process;
    this.port = port;
    this.began = began;
  }

  /** The files that a build leaves: the jar and, beside it, its libraries. */
  private static Path jar() {
    return Path.of("target", "lectern.jar").toAbsolutePath();
  }

  static Program start(Path home, Map<String, String> settings, List<String> jvm)
      throws IOException {
    int port = freePort();
    List<String> command = command(jvm);
    command.addAll(List.of("--home", home.toString(), "--port", "0"));
    command.addAll(List.of("--api-port", Integer.toString(port)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(home.resolveSibling(home.getFileName() + ".log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LECTERN_"));
    builder.environment().putAll(settings);
    long began = System.nanoTime();
    return new Program(builder.start(), port, began);
  }

  /** How long it takes to start Java, load this program's classes, print its version and end. */
  static double versionMillis() throws IOException, InterruptedException {
    List<String> command = command(List.of());
    command.add("--version");
    long began = System.nanoTime();
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return (System.nanoTime() - began) / 1e6;
  }

  private static List<String> command(List<String> jvm) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseCompactObjectHeaders");
    command.addAll(jvm);
    command.addAll(List.of("-jar", jar().toString()));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /**
   * Milliseconds from the start of the process until it said for the first time that it is ready.
   */
  double readyMillis() throws IOException, InterruptedException {
    URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
    while (!answers(ready)) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException("The program does not get ready");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static boolean answers(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setReadTimeout(1_000);
      return connection.getResponseCode() == 200;
    } catch (IOException refused) {
      return false;
    }
  }

  /** Resident memory of the Java process, in MB. */
  double javaMegabytes() throws IOException {
    return kilobytes(process.pid(), "status", "VmRSS:") / 1024.0;
  }

  /** Resident memory of the database's processes together, what they share counted once, in MB. */
  double databaseMegabytes() throws IOException {
    double sum = 0;
    for (ProcessHandle each : databaseProcesses()) {
      sum += Math.max(0, kilobytes(each.pid(), "smaps_rollup", "Pss:")) / 1024.0;
    }
    return sum;
  }

  /** Processor time so far of the Java process, in seconds. */
  double javaSeconds() {
    return seconds(process.toHandle());
  }

  private static double seconds(ProcessHandle handle) {
    return handle.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private List<ProcessHandle> databaseProcesses() {
    return process
        .descendants()
        .filter(each -> each.info().command().filter(c -> c.endsWith("/postgres")).isPresent())
        .toList();
  }

  private static long kilobytes(long pid, String file, String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(-1);
    }
  }

  /** Ends it as a supervisor would, and waits until it and its database have gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
