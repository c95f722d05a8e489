package lectern.db;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import lectern.db.EmbeddedPostgres.Durability;

/**
 * A PostgreSQL as a Lectern would run it, open to the benchmark beside the Lectern that is
 * measured. It can count the statements that come in, and does not unless it is asked to.
 */
public final class BenchDatabase implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private BenchDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** A new database in a directory of its own; the schema is brought by the first Lectern. */
  public static BenchDatabase start(Path home) {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(home, home, Durability.FULL)) {
      DatabaseServer.createDatabase(first.address());
      run(
          first.address(),
          "alter system set shared_preload_libraries = 'pg_stat_statements'",
          "alter system set pg_stat_statements.track = 'none'");
    }
    BenchDatabase started = new BenchDatabase(EmbeddedPostgres.start(home, home, Durability.FULL));
    started.execute("create extension pg_stat_statements");
    return started;
  }

  /** What LECTERN_DATABASE_URL is to be. */
  public URI url() {
    ServerAddress at = postgres.address();
    return URI.create(
        "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
            .formatted(at.user(), at.password(), at.host(), at.port(), at.database()));
  }

  /** A pool like the server's own, to the same database. */
  public Pool pool(Vertx vertx) {
    return new Database(vertx, postgres.address(), DatabaseSettings.POOL_SIZE).pool();
  }

  /** From here on the view pg_stat_statements counts what clients ask, from zero. */
  public void countStatements() {
    execute(
        "alter system set pg_stat_statements.track = 'top'",
        "select pg_reload_conf()",
        "select pg_stat_statements_reset()");
  }

  public void stopCounting() {
    execute("alter system set pg_stat_statements.track = 'none'", "select pg_reload_conf()");
  }

  /** Runs statements one by one, apart from any pool. */
  public void execute(String... statements) {
    run(postgres.address(), statements);
  }

  private static void run(ServerAddress where, String... statements) {
    try (Connection connection = where.forMigrations().getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() {
    postgres.close();
  }
}
