package lectern.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The programs {@code initdb} and {@code postgres} with what they need, unpacked from the archive
 * on the class path: 15 MB there, 60 MB here, about a second and a half, once a version.
 */
record PostgresBinaries(Path directory) {
  /** Of the archive that the build puts on the class path. */
  static final String VERSION = "18.6";

  /** Unpacks below {@code parent} unless that was done; the caller alone holds the directory. */
  static PostgresBinaries unpackedIn(Path parent) throws IOException {
    Path directory = parent.resolve(VERSION);
    if (Files.notExists(directory)) {
      Path part = parent.resolve(VERSION + ".part");
      delete(part);
      unpack(archive(), part);
      Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresBinaries(directory);
  }

  String program(String name) {
    return directory.resolve("bin").resolve(name).toString();
  }

  static void delete(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  private static String archive() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String cpu = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "darwin" : os;
    String machine = cpu.equals("aarch64") ? "arm_64" : cpu.equals("amd64") ? "x86_64" : cpu;
    return "/postgres-" + system + "-" + machine + ".txz";
  }

  private static void unpack(String archive, Path target) throws IOException {
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new DatabaseProblem(
            "This build has no embedded PostgreSQL for this machine ("
                + archive.substring(1)
                + "). Build Lectern on this machine, or set LECTERN_DATABASE_URL to a PostgreSQL 14"
                + " or newer.");
      }
      var plain = new XZCompressorInputStream(new BufferedInputStream(packed));
      try (TarArchiveInputStream entries = new TarArchiveInputStream(plain)) {
        for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
          write(entry, entries, target);
        }
      }
    }
  }

  private static void write(TarArchiveEntry entry, InputStream bytes, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("An archive entry points outside: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(bytes, path);
      boolean program = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
