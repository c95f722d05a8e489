package lectern.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lectern.db.EmbeddedPostgres.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddedPostgresTest {
  private static final Path PROGRAMS = Path.of("target", "testing-postgres").toAbsolutePath();

  @TempDir Path directory;

  @Test
  void what_was_committed_is_there_after_a_stop_and_a_start() throws Exception {
    try (EmbeddedPostgres first = start(home())) {
      run(first, "create table kept (word text); insert into kept values ('committed')");
    }
    try (EmbeddedPostgres again = start(home())) {
      assertThat(word(again)).isEqualTo("committed");
    }
    assertThat(log()).contains("database system is shut down").doesNotContain("not properly");
  }

  @Test
  void only_who_knows_the_password_gets_in_and_the_password_is_its_owners() throws IOException {
    try (EmbeddedPostgres server = start(home())) {
      PGSimpleDataSource stranger = source(server);
      stranger.setPassword("guess");
      assertThatThrownBy(stranger::getConnection)
          .isInstanceOfSatisfying(
              SQLException.class, refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"));
      assertThat(server.toString()).doesNotContain(server.address().password());
      assertThat(server.address().toString()).doesNotContain(server.address().password());
    }
    Path password = home().resolve("postgres/password");
    assertThat(Files.getPosixFilePermissions(password)).hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void a_second_start_on_the_same_directory_is_refused() throws SQLException {
    try (EmbeddedPostgres first = start(home())) {
      assertThatThrownBy(() -> start(home()))
          .isInstanceOf(DatabaseProblem.class)
          .hasMessageStartingWith("Another Lectern is running on the data directory " + home());
      run(first, "select 1");
    }
  }

  @Test
  void a_killed_java_takes_its_server_down_cleanly_and_loses_nothing() throws Exception {
    Process java = otherJava(home());
    assertThat(java.inputReader().readLine()).isEqualTo("committed");
    ProcessHandle server = server();

    java.destroyForcibly().waitFor();

    server.onExit().get(20, TimeUnit.SECONDS);
    assertThat(log()).contains("received fast shutdown request", "database system is shut down");
    try (EmbeddedPostgres again = start(home())) {
      assertThat(word(again)).isEqualTo("committed");
    }
  }

  @Test
  void a_killed_server_recovers_what_was_committed_and_tells_of_its_end() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(home(), PROGRAMS, Durability.FULL)) {
      run(first, "create table kept (word text); insert into kept values ('committed')");
      server().destroyForcibly();
      assertThat(first.failure().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
    }
    try (EmbeddedPostgres again = start(home())) {
      assertThat(word(again)).isEqualTo("committed");
    }
    assertThat(log()).contains("database system was not properly shut down");
  }

  @Test
  void a_server_that_outlived_its_java_is_stopped_first() throws Exception {
    try (EmbeddedPostgres first = start(home())) {
      run(first, "create table kept (word text); insert into kept values ('committed')");
    }
    Process orphan = orphan();
    try (EmbeddedPostgres again = start(home())) {
      assertThat(orphan.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(word(again)).isEqualTo("committed");
    } finally {
      orphan.destroyForcibly();
    }
  }

  @Test
  void the_mark_of_a_process_that_is_something_else_by_now_is_no_hindrance() throws Exception {
    start(home()).close();
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Path data = home().resolve("postgres/data");
      Files.writeString(data.resolve("postmaster.pid"), other.pid() + "\n" + data + "\n1\n1\n\n\n");
      start(home()).close();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void an_unpacking_or_a_making_that_was_cut_off_is_begun_anew() throws Exception {
    Files.createDirectories(home().resolve("postgres/data.part/base"));
    Files.createDirectories(home().resolve("postgres/" + PostgresBinaries.VERSION + ".part/bin"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home())) {
      run(server, "select 1");
    }
    assertThat(home().resolve("postgres/data.part")).doesNotExist();
  }

  @Test
  void the_bundled_server_has_the_version_that_names_its_directory() throws IOException {
    Files.createDirectories(PROGRAMS);
    start(home()).close();
    Process version =
        new ProcessBuilder(
                new PostgresBinaries(PROGRAMS.resolve(PostgresBinaries.VERSION))
                    .program("postgres"),
                "--version")
            .start();
    assertThat(version.inputReader().readLine()).endsWith(" " + PostgresBinaries.VERSION);
  }

  @Test
  void a_data_directory_that_is_broken_is_refused_with_the_reason() throws IOException {
    start(home()).close();
    Files.writeString(home().resolve("postgres/data/PG_VERSION"), "14\n");
    assertThatThrownBy(() -> start(home()))
        .isInstanceOf(DatabaseProblem.class)
        .hasMessageContaining("it was made by another version of PostgreSQL");
    Files.delete(home().resolve("postgres/password"));
    assertThatThrownBy(() -> start(home()))
        .isInstanceOf(DatabaseProblem.class)
        .hasMessageContaining("has lost its password file");
  }

  @Test
  void a_home_that_is_a_file_is_refused_with_its_name() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> start(file))
        .isInstanceOf(DatabaseProblem.class)
        .hasMessageStartingWith("The data directory " + file + " cannot be used");
  }

  /** Another Java with a server, which commits a word, says so and then only waits. */
  static void main(String[] args) throws Exception {
    try (EmbeddedPostgres server = start(Path.of(args[0]))) {
      run(server, "create table kept (word text); insert into kept values ('committed')");
      System.out.println("committed");
      Thread.currentThread().join();
    }
  }

  private static Process otherJava(Path home) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path", "");
    return new ProcessBuilder(
            java, "-cp", classes, EmbeddedPostgresTest.class.getName(), home.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A server started past the lock, as if its Java had died where the kernel cannot tell it so. */
  private Process orphan() throws Exception {
    Path postgres = home().resolve("postgres");
    PostgresBinaries binaries = PostgresBinaries.unpackedIn(PROGRAMS);
    Process orphan =
        new ProcessBuilder(
                PostgresUser.of(postgres)
                    .command(
                        List.of(
                            binaries.program("postgres"),
                            "-D",
                            postgres.resolve("data").toString(),
                            "-c",
                            "listen_addresses=",
                            "-c",
                            "unix_socket_directories=")))
            .redirectErrorStream(true)
            .start();
    for (String line = ""; line != null && !line.contains("ready to accept"); ) {
      line = orphan.inputReader().readLine();
    }
    return orphan;
  }

  private Path home() {
    return directory.resolve("a home");
  }

  private static EmbeddedPostgres start(Path home) {
    return EmbeddedPostgres.start(home, PROGRAMS, Durability.NONE);
  }

  private ProcessHandle server() throws IOException {
    Path mark = home().resolve("postgres/data/postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(mark).getFirst())).orElseThrow();
  }

  private String log() throws IOException {
    return Files.readString(home().resolve("postgres/log"));
  }

  private static PGSimpleDataSource source(EmbeddedPostgres server) {
    return server.address().withDatabase("postgres").forMigrations();
  }

  private static void run(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = source(server).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String word(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = source(server).getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("select word from kept")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
