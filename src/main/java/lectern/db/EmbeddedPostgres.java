package lectern.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own, run as a child process on a data directory that is ours alone.
 *
 * <p>It listens on 127.0.0.1 at a free port and admits only who knows a password that was made on
 * the first start and is kept readable by its owner alone. It is stopped with SIGINT, and where the
 * kernel can do that it gets the same signal when this process dies in any way, so that a killed
 * server still leaves a cleanly stopped database. What was committed survives even where it does
 * not.
 *
 * <pre>
 * home/lock                 held while a process uses the directory
 * home/postgres/18.6        programs
 * home/postgres/data        the database
 * home/postgres/password    mode 0600
 * home/postgres/user        as whom it runs when we are root
 * home/postgres/log         what the server says; begun anew when longer than {@link #LOG_BYTES}
 * </pre>
 */
final class EmbeddedPostgres implements AutoCloseable {
  static final String USER = "lectern";
  static final String DATABASE = "lectern";

  /** Ten thousand lines or so: enough to see what went before a failure. */
  private static final long LOG_BYTES = 1 << 20;

  /** Others may take a free port before PostgreSQL does. */
  private static final int PORT_ATTEMPTS = 5;

  /**
   * Reading the log again after a crash takes seconds, minutes after a crash amid heavy writing.
   */
  private static final Duration START = Duration.ofMinutes(10);

  /** A fast shutdown writes what is in memory; then it is killed, which recovery mends. */
  private static final Duration STOP = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  /** How much is done for what was committed to survive a power cut. */
  enum Durability {
    FULL,
    /** For tests: twice as fast, and lost with the machine. */
    NONE
  }

  private final Path directory;
  private final Durability durability;
  private final DirectoryLock lock;
  private final PostgresBinaries binaries;
  private final PostgresUser user;
  private final String password;
  private final Process process;
  private final int port;
  private volatile boolean stopping;

  /** Where in the log the words of the latest child begin. */
  private long logStart;

  private EmbeddedPostgres(Path home, Path programs, Durability durability, DirectoryLock lock)
      throws IOException {
    this.directory = home.resolve("postgres");
    this.durability = durability;
    this.lock = lock;
    createPrivate(directory);
    this.user = PostgresUser.of(directory);
    this.binaries = PostgresBinaries.unpackedIn(Files.createDirectories(programs));
    this.password = password();
    if (Files.notExists(data())) {
      initialise();
    }
    stopOrphan();
    Running running = startOnFreePort();
    this.process = running.process();
    this.port = running.port();
  }

  /** Starts the server of a data directory, making it first where there is none. */
  static EmbeddedPostgres start(Path home) {
    return start(home, home.resolve("postgres"), Durability.FULL);
  }

  static EmbeddedPostgres start(Path home, Path programs, Durability durability) {
    try {
      createPrivate(home);
      DirectoryLock lock = DirectoryLock.take(home);
      try {
        return new EmbeddedPostgres(home, programs, durability, lock);
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new DatabaseProblem(
          "The data directory " + home + " cannot be used: " + Complaint.in(failed.toString()));
    }
  }

  ServerAddress address() {
    return new ServerAddress(
        "127.0.0.1", port, DATABASE, USER, password, "disable", Optional.empty());
  }

  /** Completes with the exit code should the server end without being asked to. */
  CompletableFuture<Integer> failure() {
    return process
        .onExit()
        .thenCompose(
            ended ->
                stopping
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(ended.exitValue()));
  }

  /** Ends open connections and stops, within half a minute. */
  @Override
  public void close() {
    stopping = true;
    try {
      interrupt(process.toHandle());
      lock.close();
    } catch (IOException failed) {
      log.warn("db.lock_not_released: {}", failed.toString());
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path logFile() {
    return directory.resolve("log");
  }

  private static void createPrivate(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    }
  }

  private String password() throws IOException {
    Path file = directory.resolve("password");
    if (Files.exists(file) && Files.size(file) > 0) {
      return Files.readString(file).strip();
    }
    if (Files.exists(data())) {
      throw new DatabaseProblem(
          "The database in "
              + directory
              + " has lost its password file, "
              + file
              + ". Restore it.");
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String fresh = HexFormat.of().formatHex(random);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, fresh + "\n");
    return fresh;
  }

  /**
   * In a directory beside the real one, which it becomes when all is well: never half a database.
   */
  private void initialise() throws IOException {
    Path part = directory.resolve("data.part");
    PostgresBinaries.delete(part);
    user.own(directory);
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.program("initdb"),
                "--pgdata=" + part,
                "--username=" + USER,
                "--pwfile=" + directory.resolve("password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C"));
    if (durability == Durability.NONE) {
      command.add("--no-sync");
    }
    if (exitCode(spawn(user.command(command))) != 0) {
      throw problem("The database in " + directory + " cannot be made");
    }
    Files.move(part, data(), StandardCopyOption.ATOMIC_MOVE);
    log.info("db.created in {}", data());
  }

  /**
   * Ends the server that a killed process left behind, and takes away the mark of one that is long
   * gone when its process id belongs to some other program now, for PostgreSQL would believe that
   * mark.
   */
  private void stopOrphan() throws IOException {
    Path mark = data().resolve("postmaster.pid");
    Optional<ProcessHandle> marked = markedProcess(mark);
    if (marked.isEmpty()) {
      return;
    }
    if (marked.get().info().command().filter(path -> path.endsWith("/postgres")).isPresent()) {
      log.warn("db.orphan: stopping process {}, which outlived its Lectern", marked.get().pid());
      interrupt(marked.get());
    } else {
      Files.delete(mark);
    }
  }

  private static Optional<ProcessHandle> markedProcess(Path mark) throws IOException {
    List<String> lines = linesOf(mark);
    return lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,10}")
        ? Optional.empty()
        : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
  }

  private record Running(Process process, int port) {}

  private Running startOnFreePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      int free = freePort();
      Process server = spawn(user.servant(serverCommand(free)));
      if (isReady(server)) {
        return new Running(server, free);
      }
      if (attempt == PORT_ATTEMPTS || !logTail().contains("Address already in use")) {
        throw problem("The database in " + directory + " does not start");
      }
    }
  }

  private List<String> serverCommand(int free) {
    List<String> command = new ArrayList<>();
    command.add(binaries.program("postgres"));
    command.addAll(List.of("-D", data().toString(), "-p", Integer.toString(free)));
    settings().forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  /** What is said in the log never repeats what people wrote: no statements, no details. */
  private List<String> settings() {
    Stream<String> always =
        Stream.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "password_encryption=scram-sha-256",
            "timezone=UTC",
            "lc_messages=C",
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "jit=off");
    Stream<String> careless =
        durability == Durability.FULL
            ? Stream.of()
            : Stream.of("fsync=off", "synchronous_commit=off", "full_page_writes=off");
    return Stream.concat(always, careless).toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Whether the server takes connections; false when it ended instead. */
  private boolean isReady(Process server) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    Path mark = data().resolve("postmaster.pid");
    while (server.isAlive()) {
      List<String> lines = linesOf(mark);
      boolean ours = !lines.isEmpty() && lines.getFirst().strip().equals("" + server.pid());
      if (ours && lines.size() >= 8 && lines.get(7).strip().equals("ready")) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        interrupt(server.toHandle());
        throw problem("The database in " + directory + " is not ready after " + START);
      }
      pause();
    }
    return false;
  }

  private static List<String> linesOf(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  /**
   * Starts a process from a thread that stays until the process ends: the kernel takes the end of
   * that thread, not of the whole program, for the death of the parent.
   */
  private Process spawn(List<String> command) throws IOException {
    logStart = Files.exists(logFile()) ? Files.size(logFile()) : 0;
    if (logStart > LOG_BYTES) {
      Files.delete(logFile());
      logStart = 0;
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("postgres-parent").start(() -> parent(builder, started));
    try {
      return started.get();
    } catch (ExecutionException failed) {
      throw problem(command.getFirst() + " cannot be run (" + failed.getCause() + ")");
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  private static void parent(ProcessBuilder builder, CompletableFuture<Process> started) {
    try {
      Process child = builder.start();
      started.complete(child);
      child.onExit().join();
    } catch (IOException failed) {
      started.completeExceptionally(failed);
    }
  }

  private static void interrupt(ProcessHandle server) throws IOException {
    new ProcessBuilder("sh", "-c", "kill -INT " + server.pid()).start();
    try {
      server.onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      server.destroyForcibly();
    } catch (ExecutionException failed) {
      throw new IOException(failed);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      throw interrupted();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(5);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  private static DatabaseProblem interrupted() {
    Thread.currentThread().interrupt();
    return new DatabaseProblem("The start of the database was interrupted.");
  }

  private DatabaseProblem problem(String sentence) throws IOException {
    return new DatabaseProblem(sentence + ": " + Complaint.in(logTail()));
  }

  /** The last dozen lines of the latest child. */
  private String logTail() throws IOException {
    if (Files.notExists(logFile())) {
      return "";
    }
    byte[] all = Files.readAllBytes(logFile());
    int from = (int) Math.min(logStart, all.length);
    List<String> lines = new String(all, from, all.length - from, UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }
}
