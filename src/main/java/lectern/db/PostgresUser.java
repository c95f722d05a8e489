package lectern.db;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs, which refuses to run as root. The two ways out for root leave files with
 * different owners, so a data directory keeps the one it was made with.
 */
enum PostgresUser {
  /** The user of this process, who is not root. */
  SAME(List.of()),
  /** Root, but in a user namespace without any rights of root; files stay root's. */
  NAMESPACE(List.of("unshare", "-U")),
  /**
   * The user nobody, where namespaces are not allowed, as in many containers; files are nobody's.
   */
  NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

  private static final int NOBODY_ID = 65534;

  private final List<String> prefix;

  PostgresUser(List<String> prefix) {
    this.prefix = prefix;
  }

  /**
   * The one written down in the directory, else the first that works here, which is written down.
   */
  static PostgresUser of(Path directory) throws IOException {
    if (new UnixSystem().getUid() != 0) {
      return SAME;
    }
    Path kept = directory.resolve("user");
    if (Files.exists(kept)) {
      return valueOf(Files.readString(kept).strip().toUpperCase(Locale.ROOT));
    }
    PostgresUser user =
        Stream.of(NAMESPACE, NOBODY)
            .filter(PostgresUser::works)
            .findFirst()
            .orElseThrow(PostgresUser::noWay);
    Files.writeString(kept, user.name().toLowerCase(Locale.ROOT) + "\n");
    return user;
  }

  /** The command run as this user. */
  List<String> command(List<String> command) {
    return Stream.concat(prefix.stream(), command.stream()).toList();
  }

  /**
   * The command run as this user, in a session of its own, so that Ctrl-C in a terminal reaches
   * only the Java process, and interrupted by the kernel when the thread that starts it ends. Each
   * where the machine can; all of them replace themselves, so the process keeps its id.
   */
  List<String> servant(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    if (succeeds(List.of("setsid", "true"))) {
      whole.add("setsid");
    }
    if (succeeds(List.of("setpriv", "--pdeathsig", "INT", "true"))) {
      whole.addAll(List.of("setpriv", "--pdeathsig", "INT"));
    }
    whole.addAll(command);
    return whole;
  }

  /** Gives the directory and all in it to the user; nothing to do unless that is somebody else. */
  void own(Path directory) throws IOException {
    if (this != NOBODY) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        Files.setAttribute(path, "unix:uid", NOBODY_ID, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", NOBODY_ID, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private boolean works() {
    return succeeds(command(List.of("sh", "-c", "test $(id -u) -ne 0")));
  }

  private static DatabaseProblem noWay() {
    return new DatabaseProblem(
        "The embedded PostgreSQL does not run as root, and neither unshare nor setpriv gets rid of"
            + " root's rights here. Start Lectern as another user, or set LECTERN_DATABASE_URL to a"
            + " PostgreSQL 14 or newer.");
  }

  private static boolean succeeds(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
