package lectern.cluster;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import lectern.janitor.Sweep;

/**
 * One running server: an id made at start, and a row that it touches every few seconds. A node
 * whose row has not been touched for {@link #SILENT} is taken for dead, and what it owned is
 * anybody's.
 */
public final class Node {
  public static final Duration BEAT = Duration.ofSeconds(3);

  /** Five beats: long enough for a stalled machine to come back, short for a reader who waits. */
  public static final Duration SILENT = Duration.ofSeconds(15);

  private final SqlClient sql;
  private final UUID id = UUID.randomUUID();

  public Node(SqlClient sql) {
    this.sql = sql;
  }

  public UUID id() {
    return id;
  }

  private static final String JOIN = "insert into node (id) values ($1)";

  public Future<Void> join() {
    return sql.preparedQuery(JOIN).execute(Tuple.of(id)).mapEmpty();
  }

  private static final String JOIN_ALONE =
      "with others as (delete from node where id <> $1) insert into node (id) values ($1)";

  /** Joins a database that nobody else can have open: every other row is a node that is gone. */
  public Future<Void> joinAlone() {
    return sql.preparedQuery(JOIN_ALONE).execute(Tuple.of(id)).mapEmpty();
  }

  private static final String BEAT_ONCE =
      """
      insert into node as mine (id) values ($1)
      on conflict (id) do update set beat_at = now(), steady_since =
        case when mine.beat_at < now() - make_interval(secs => $2) then now() else mine.steady_since end
      """;

  /** The beat, as a sweep like any other. After a silence the node is steady from here on. */
  public Sweep beat() {
    return new Sweep(
        "beat",
        BEAT,
        () ->
            sql.preparedQuery(BEAT_ONCE)
                .execute(Tuple.of(id, (double) SILENT.toSeconds()))
                .map(_ -> 0));
  }

  private static final String FORGET_DEAD =
      "delete from node where beat_at < now() - interval '1 hour'";

  public Sweep forgetDead() {
    return new Sweep(
        "dead_nodes",
        Duration.ofMinutes(10),
        () -> sql.preparedQuery(FORGET_DEAD).execute().map(rows -> rows.rowCount()));
  }

  private static final String LEAVE = "delete from node where id = $1";

  /** Says good-bye: what is still owned here may be taken at once. */
  public Future<Void> leave() {
    return sql.preparedQuery(LEAVE).execute(Tuple.of(id)).mapEmpty();
  }
}
