package lectern.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The pool of connections that every store works on. */
public final class Database {
  /**
   * Work that waits for a connection; more is refused at once. About as much as two cores get done
   * while one may wait, so that a thousand sends at one moment are all served.
   */
  static final int WAITING = 4_000;

  /**
   * A little less than the patience of the asker on the bus, so that the asker hears the reason.
   */
  static final Duration ACQUIRE = Duration.ofSeconds(4);

  /** Attempts at what loses against other transactions. */
  static final int ATTEMPTS = 3;

  private final Pool pool;

  public Database(Vertx vertx, DatabaseServer server, int poolSize) {
    this(vertx, server.address(), poolSize);
  }

  Database(Vertx vertx, ServerAddress address, int poolSize) {
    this.pool =
        PgBuilder.pool()
            .with(poolOptions(poolSize))
            .connectingTo(connectOptions(address))
            .using(vertx)
            .build();
  }

  public Pool pool() {
    return pool;
  }

  /**
   * Commits what {@code work} did when its future succeeds, undoes it otherwise. Work that lost
   * against another transaction runs again, so it must do nothing but SQL.
   */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return retried(() -> pool.withTransaction(work));
  }

  /** What lost against a transaction is done again: one statement, or one whole transaction. */
  public <T> Future<T> retried(Supplier<Future<T>> work) {
    return attempt(work, 1);
  }

  /** Succeeds when the database answers. */
  public Future<Void> ping() {
    return pool.query("select 1").execute().mapEmpty();
  }

  public Future<Void> close() {
    return pool.close();
  }

  private static <T> Future<T> attempt(Supplier<Future<T>> work, int number) {
    return work.get()
        .recover(
            failure ->
                Outages.hasLost(failure) && number < ATTEMPTS
                    ? attempt(work, number + 1)
                    : Future.failedFuture(failure));
  }

  private static PoolOptions poolOptions(int size) {
    return new PoolOptions()
        .setName("lectern")
        .setMaxSize(size)
        .setMaxWaitQueueSize(WAITING)
        .setConnectionTimeout((int) ACQUIRE.toMillis())
        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  private static PgConnectOptions connectOptions(ServerAddress address) {
    PgConnectOptions options = address.forPool();
    options.setCachePreparedStatements(true);
    options.setMetricsName("postgresql");
    options.addProperty("application_name", "lectern");
    options.addProperty("client_min_messages", "warning");
    return options;
  }
}
