package lectern.db;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lectern.bus.Code;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  @BeforeAll
  static void tables() {
    database.execute(
        """
        create table counter (id int, value int not null constraint counter_small check (value < 10));
        insert into counter values (1, 0), (2, 0);
        """);
  }

  @Test
  void a_class_begins_with_the_schema_and_nothing_in_it() {
    assertThat(number("select count(*)::int from users")).isZero();
    assertThat(await(database.database().ping())).isNull();
  }

  @Test
  void a_failed_transaction_leaves_nothing() {
    Future<Void> work =
        database
            .database()
            .transaction(
                connection ->
                    update(connection, 1, 5)
                        .compose(_ -> Future.failedFuture(new IllegalStateException("no"))));
    assertThatThrownBy(() -> await(work)).hasMessage("no");
    assertThat(number("select value from counter where id = 1")).isNotEqualTo(5);
  }

  @Test
  void a_named_constraint_becomes_its_refusal_and_others_stay_what_they_are() {
    RuntimeException small = new IllegalArgumentException("Too large");
    Constraints table = Constraints.of(Map.of("counter_small", small));
    var violated = database.pool().query("update counter set value = 11").execute();
    assertThatThrownBy(() -> await(table.guard(violated))).isSameAs(small);
    var other = database.pool().query("insert into counter values (3, null)").execute();
    assertThatThrownBy(() -> await(table.guard(other))).isInstanceOf(PgException.class);
  }

  @Test
  void of_two_transactions_in_each_others_way_the_loser_runs_again() {
    Promise<Void> firstHolds = Promise.promise();
    Promise<Void> secondHolds = Promise.promise();
    AtomicInteger runs = new AtomicInteger();
    Future<Integer> first = crossing(1, 2, firstHolds, secondHolds, runs);
    Future<Integer> second = crossing(2, 1, secondHolds, firstHolds, runs);

    await(Future.all(first, second));

    assertThat(runs.get()).as("two runs, and one again").isEqualTo(3);
  }

  @Test
  void a_transaction_that_always_loses_gives_up() {
    AtomicInteger runs = new AtomicInteger();
    Future<Void> work =
        database
            .database()
            .transaction(
                connection -> {
                  runs.incrementAndGet();
                  return connection
                      .query("do $$ begin raise exception using errcode = '40001'; end $$")
                      .execute()
                      .mapEmpty();
                });
    assertThatThrownBy(() -> await(work)).isInstanceOf(PgException.class);
    assertThat(runs.get()).isEqualTo(Database.ATTEMPTS);
  }

  @Test
  void whoever_waits_too_long_for_a_connection_is_told_to_come_back() {
    Pool pool = database.pool();
    List<Future<SqlConnection>> all =
        IntStream.range(0, DatabaseSettings.POOL_SIZE).mapToObj(_ -> pool.getConnection()).toList();
    await(Future.all(all));
    Future<?> query = pool.query("select 1").execute();
    Future<?> transaction = database.database().transaction(_ -> Future.succeededFuture());
    await(Future.join(query, transaction).otherwiseEmpty());
    all.forEach(taken -> await(taken.result().close()));
    assertThat(List.of(query.cause(), transaction.cause()))
        .allSatisfy(
            failure ->
                assertThat(Outages.explain(failure))
                    .hasValueSatisfying(
                        refusal -> assertThat(refusal.code()).isEqualTo(Code.E_UNAVAILABLE)));
  }

  private static Future<Integer> crossing(
      int mine, int theirs, Promise<Void> holds, Promise<Void> otherHolds, AtomicInteger runs) {
    return database
        .database()
        .transaction(
            connection -> {
              runs.incrementAndGet();
              return update(connection, mine, 1)
                  .onSuccess(_ -> holds.tryComplete())
                  .compose(_ -> otherHolds.future())
                  .compose(_ -> update(connection, theirs, 2));
            });
  }

  private static Future<Integer> update(SqlConnection connection, int id, int value) {
    return connection
        .preparedQuery("update counter set value = $2 where id = $1")
        .execute(Tuple.of(id, value))
        .map(rows -> rows.rowCount());
  }

  private static int number(String sql) {
    return await(database.pool().query(sql).execute()).iterator().next().getInteger(0);
  }
}
