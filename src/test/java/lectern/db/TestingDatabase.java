package lectern.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.db.EmbeddedPostgres.Durability;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database for a test class, with the schema and nothing in it:
 *
 * <pre>
 * &#64;RegisterExtension static final TestingDatabase database = new TestingDatabase();
 * </pre>
 *
 * <p>One real server serves the whole test run; each class gets a copy of a migrated template,
 * dropped when the class is done.
 */
public final class TestingDatabase implements BeforeAllCallback, AfterAllCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private @Nullable ServerAddress address;
  private @Nullable Vertx vertx;
  private @Nullable Database own;

  @Override
  public void beforeAll(ExtensionContext context) {
    ServerAddress template = Server.THE_ONE.template;
    String name = "test_" + COUNT.incrementAndGet();
    run(
        template.withDatabase("postgres"),
        "create database " + name + " template " + template.database());
    address = template.withDatabase(name);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (vertx != null) {
      await(vertx.close());
    }
    ServerAddress mine = address();
    run(mine.withDatabase("postgres"), "drop database " + mine.database() + " with (force)");
  }

  /** The database on a Vert.x of its own; the same object each time. */
  public synchronized Database database() {
    if (own == null) {
      Scope.register();
      vertx = Vertx.vertx();
      own = open(vertx);
    }
    return own;
  }

  public Pool pool() {
    return database().pool();
  }

  /** The database on the Vert.x of the test, with which it closes. */
  public Database open(Vertx other) {
    return new Database(other, address(), DatabaseSettings.POOL_SIZE);
  }

  /** For a whole server: what LECTERN_DATABASE_URL would be. */
  public URI url() {
    ServerAddress mine = address();
    return URI.create(
        "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
            .formatted(mine.user(), mine.password(), mine.host(), mine.port(), mine.database()));
  }

  /** Runs statements at once, apart from any pool. */
  public void execute(String sql) {
    run(address(), sql);
  }

  /** The value of a future, waiting ten seconds at most; its failure is thrown as it is. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (TimeoutException slow) {
      throw new IllegalStateException("Nothing came within ten seconds", slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  ServerAddress address() {
    if (address == null) {
      throw new IllegalStateException("Register this as an extension: static, @RegisterExtension");
    }
    return address;
  }

  private static void run(ServerAddress where, String sql) {
    try (Connection connection = where.forMigrations().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** The server of this test run. Its programs stay unpacked between runs, its data does not. */
  private static final class Server {
    static final Server THE_ONE = new Server();

    final ServerAddress template;

    private Server() {
      Path directory = Path.of("target", "testing-postgres").toAbsolutePath();
      try {
        Files.createDirectories(directory);
        Path home = Files.createTempDirectory(directory, "run-");
        EmbeddedPostgres postgres = EmbeddedPostgres.start(home, directory, Durability.NONE);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(postgres, home)));
        template = postgres.address().withDatabase("template_lectern");
        DatabaseServer.createDatabase(template);
        DatabaseServer.migrate(template);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    private static void remove(EmbeddedPostgres postgres, Path home) {
      postgres.close();
      try {
        PostgresBinaries.delete(home);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
