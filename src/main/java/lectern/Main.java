package lectern;

import java.net.BindException;
import java.util.List;
import lectern.db.DatabaseProblem;
import lectern.keys.Key;
import lectern.telemetry.Logging;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: reads what is set, starts the server, says where it is, and closes it on a signal.
 */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** What is set cannot be used: 78, as sysexits.h has it. */
  private static final int BAD_SETTING = 78;

  private static final int FAILED = 1;

  private Main() {}

  static void main(String[] args) {
    try {
      CommandLine line = CommandLine.parse(List.of(args));
      if (line.help()) {
        System.out.print(CommandLine.page());
      } else if (line.version()) {
        System.out.println("Lectern " + version());
      } else if (line.rotateKeys()) {
        rotateKeys(Config.read(line, System.getenv()));
      } else {
        run(Config.read(line, System.getenv()));
      }
    } catch (BadSetting | DatabaseProblem problem) {
      System.err.println(problem.getMessage());
      System.exit(problem instanceof BadSetting ? BAD_SETTING : FAILED);
    }
  }

  private static void run(Config config) {
    Logging.configure(config.log().level(), config.log().format());
    config.warnings().forEach(log::warn);
    long began = System.nanoTime();
    Server server = start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    // On another thread: exiting waits for the stop, and the stop for the one that tells of the
    // end.
    server.databaseFailure().thenAcceptAsync(Main::databaseEnded, Main::inBackground);
    log.atInfo()
        .addKeyValue("url", address(config, server))
        .addKeyValue("api_port", server.apiPort())
        .addKeyValue("start_ms", (System.nanoTime() - began) / 1_000_000)
        .log("server.started");
    System.out.println("\nLectern is at " + address(config, server) + "\n");
  }

  private static void rotateKeys(Config config) {
    Logging.configure(config.log().level(), config.log().format());
    Key.Rotated rotated = KeyRotation.run(config);
    System.out.println(
        "Master key %d seals. Keys sealed anew: %d. Keys that do not open: %d. Keys left: %d."
            .formatted(
                rotated.version(), rotated.sealed(), rotated.unopened(), rotated.remaining()));
  }

  private static Server start(Config config) {
    try {
      return Server.start(config);
    } catch (RuntimeException failed) {
      if (isPortTaken(failed)) {
        throw new BadSetting(
            "LECTERN_PORT or LECTERN_API_PORT: port %d or %d is in use by another program."
                    .formatted(config.gateway().port(), config.api().port())
                + " Values that work: --port 9090 --api-port 9091");
      }
      throw failed;
    }
  }

  private static boolean isPortTaken(@Nullable Throwable failure) {
    return failure instanceof BindException || (failure != null && isPortTaken(failure.getCause()));
  }

  private static void stop(Server server) {
    log.info("server.stopping");
    server.close();
    log.info("server.stopped");
  }

  private static void inBackground(Runnable work) {
    Thread.ofPlatform().daemon().name("database-ended").start(work);
  }

  /** Without its database the server can keep no promise; whoever supervises it starts it again. */
  private static void databaseEnded(int exitCode) {
    log.error("The embedded database ended with code {}; the server stops.", exitCode);
    System.exit(FAILED);
  }

  private static String address(Config config, Server server) {
    return config
        .gateway()
        .publicUrl()
        .map(Object::toString)
        .orElse("http://localhost:" + server.port());
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }
}
