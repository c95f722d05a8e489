package lectern.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL that is running, new enough, and has this version's schema. */
public final class DatabaseServer implements AutoCloseable {
  private static final int OLDEST_MAJOR = 14;

  /** A database started at the same moment, as by a compose file, takes some seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(DatabaseServer.class);

  private final ServerAddress address;
  private final Optional<EmbeddedPostgres> embedded;

  private DatabaseServer(ServerAddress address, Optional<EmbeddedPostgres> embedded) {
    this.address = address;
    this.embedded = embedded;
  }

  /**
   * Starts the embedded server or finds the outside one, and migrates it. Blocks; needs no Vert.x,
   * so it can run while that starts. Throws {@link DatabaseProblem}.
   */
  public static DatabaseServer start(DatabaseSettings settings) {
    return settings.url().isPresent()
        ? prepared(ServerAddress.parse(settings.url().get()), Optional.empty())
        : embedded(EmbeddedPostgres.start(settings.home()));
  }

  private static DatabaseServer embedded(EmbeddedPostgres postgres) {
    try {
      createDatabase(postgres.address());
      return prepared(postgres.address(), Optional.of(postgres));
    } catch (RuntimeException failed) {
      postgres.close();
      throw failed;
    }
  }

  private static DatabaseServer prepared(
      ServerAddress address, Optional<EmbeddedPostgres> embedded) {
    checkVersion(address);
    migrate(address);
    return new DatabaseServer(address, embedded);
  }

  /**
   * Completes with an exit code when the embedded server ends unasked; never for an outside one.
   */
  public CompletableFuture<Integer> failure() {
    return embedded.map(EmbeddedPostgres::failure).orElseGet(CompletableFuture::new);
  }

  ServerAddress address() {
    return address;
  }

  /** Stops the embedded server; an outside one is left alone. */
  @Override
  public void close() {
    embedded.ifPresent(EmbeddedPostgres::close);
  }

  static void createDatabase(ServerAddress address) {
    try (Connection connection = connect(address.withDatabase("postgres"));
        Statement statement = connection.createStatement()) {
      String sql = "select from pg_database where datname = '" + address.database() + "'";
      boolean there;
      try (ResultSet rows = statement.executeQuery(sql)) {
        there = rows.next();
      }
      if (!there) {
        statement.execute("create database " + address.database());
      }
    } catch (SQLException failed) {
      throw problem(address, failed);
    }
  }

  static void migrate(ServerAddress address) {
    try {
      Flyway.configure()
          .dataSource(address.forMigrations())
          .locations("classpath:sql")
          .failOnMissingLocations(true)
          .load()
          .migrate();
    } catch (FlywayException failed) {
      log.error("db.migration_failed", failed);
      throw new DatabaseProblem(
          "The schema of the database "
              + address
              + " cannot be brought up to date: "
              + firstLine(failed));
    }
  }

  private static void checkVersion(ServerAddress address) {
    try (Connection connection = connect(address)) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      if (major < OLDEST_MAJOR) {
        throw new DatabaseProblem(
            "LECTERN_DATABASE_URL: the server at "
                + address
                + " is PostgreSQL "
                + major
                + "; Lectern needs "
                + OLDEST_MAJOR
                + " or newer.");
      }
    } catch (SQLException failed) {
      throw problem(address, failed);
    }
  }

  private static Connection connect(ServerAddress address) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (; ; ) {
      try {
        return address.forMigrations().getConnection();
      } catch (SQLException failed) {
        if (!isStarting(failed) || System.nanoTime() > deadline) {
          throw failed;
        }
        log.info("db.waiting for {}", address);
        pause();
      }
    }
  }

  /** Nobody listens yet, or the server says that it is starting up. */
  private static boolean isStarting(SQLException failed) {
    return "08001".equals(failed.getSQLState()) || "57P03".equals(failed.getSQLState());
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DatabaseProblem("The wait for the database was interrupted.");
    }
  }

  private static DatabaseProblem problem(ServerAddress address, SQLException failed) {
    String reason =
        switch (String.valueOf(failed.getSQLState())) {
          case "28P01", "28000" -> "it does not admit this user with this password";
          case "3D000" -> "it has no database of that name; create it first";
          case "42501" -> "this user may not do what is needed there";
          case "08001" -> "nobody answers there";
          case String _ -> firstLine(failed);
        };
    return new DatabaseProblem("The database at " + address + " cannot be used: " + reason + ".");
  }

  private static String firstLine(Exception failed) {
    return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
