package lectern;

import static lectern.Schedule.allOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import lectern.Schedule.Played;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import lectern.llm.TestingProvider.Request;
import lectern.llm.TestingProvider.Script;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random schedules at two nodes on one database, many side by side, and one node killed in the
 * middle of all of them: sends, plain and streamed, that wait their turn or come back; streams that
 * are left and resumed at either node; connections broken off; repetitions, stops, replacements,
 * deletions, also of what is growing, and what then becomes of it and of its key. What every client
 * saw is held against the ledger and the model server's own log.
 *
 * <p>{@code -Dhistory.schedules}, so many {@code -Dhistory.together}, with {@code -Dhistory.kills}
 * in the first rounds, play more of them; {@code -Dhistory.seed} is the first one's, and with one
 * schedule plays that one alone.
 */
class HistoryTest {
  private static final long SEED = Long.getLong("history.seed", 20261125);
  private static final int SCHEDULES = Integer.getInteger("history.schedules", 24);
  private static final int TOGETHER = Integer.getInteger("history.together", 100);
  private static final int KILLS = Integer.getInteger("history.kills", 1);
  private static final int READERS = Math.min(24, SCHEDULES);

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Sent> asked = new ConcurrentHashMap<>();
  private final Queue<String> strays = new ConcurrentLinkedQueue<>();
  private final List<String> readers = new ArrayList<>();
  private final List<Played> played = new ArrayList<>();
  private TestingProvider provider;
  private TestingNodes nodes;
  private String model;

  @BeforeEach
  void open() throws IOException {
    Scope.register();
    provider = TestingProvider.start(vertx).playsBy(this::answer);
    nodes = new TestingNodes(database, provider);
    while (readers.size() < READERS) {
      readers.add(nodes.newcomer());
    }
    model =
        nodes.models(readers.getFirst()).stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("provider").equals("openai"))
            .findFirst()
            .orElseThrow()
            .getString("id");
  }

  @AfterEach
  void close() {
    nodes.close();
    TestingDatabase.await(vertx.close());
  }

  @Test
  void no_client_sees_anything_but_one_order_and_one_answer_a_question() throws Exception {
    for (int round = 0; played.size() < SCHEDULES; round++) {
      int first = played.size();
      play(SEED + first, Math.min(TOGETHER, SCHEDULES - first), round < KILLS);
      assertThat(played).allSatisfy(each -> assertThat(each.violations()).isEmpty());
      assertThat(strays).as("asked of the model, and by no client").isEmpty();
      assertThat(provider.requests()).hasSize(sum(Played::calls));
    }
    assertThat(sum(Played::orphans)).isGreaterThanOrEqualTo(KILLS);
  }

  private Script answer(Request request) {
    var messages = request.json().getJsonArray("messages");
    String question = messages.getJsonObject(messages.size() - 1).getString("content");
    Sent sent = asked.get(question);
    if (sent == null) {
      strays.add(question);
      return Script.answering("Who asks?");
    }
    sent.calls.incrementAndGet();
    return sent.reply.script().get();
  }

  /** One round: all meet half-way, the second node dies, is started again, and all go on. */
  private void play(long seed, int count, boolean kills) throws Exception {
    Round round =
        new Round(
            nodes, database, vertx, model, asked, new CompletableFuture<>(), Promise.promise());
    List<Schedule> schedules =
        LongStream.range(seed, seed + count)
            .mapToObj(each -> new Schedule(each, readers.get((int) (each % READERS)), round))
            .toList();
    List<CompletableFuture<Played>> playing =
        schedules.stream().map(each -> Schedule.run(each::play)).toList();
    reach(allOf(schedules.stream().map(Schedule::halfway)));
    round.middle().complete(null);
    reach(allOf(schedules.stream().map(Schedule::underWay)));
    if (kills) {
      nodes.kill();
    }
    round.over().complete();
    if (kills) {
      nodes.start();
    }
    for (CompletableFuture<Played> each : playing) {
      played.add(each.get(3 * TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
    System.out.printf(
        "history: seeds %d to %d, %s: %d schedules, %d operations, %d sends, %d calls,"
            + " %d requests broken, %d answers orphaned in %d schedules, %d violations%n",
        SEED,
        seed + count - 1,
        kills ? "killed" : "not killed",
        played.size(),
        sum(Played::operations),
        sum(Played::sends),
        sum(Played::calls),
        sum(Played::broken),
        sum(Played::orphans),
        sum(each -> each.orphans() > 0 ? 1 : 0),
        sum(each -> each.violations().size()));
  }

  private static void reach(CompletableFuture<Void> point) throws Exception {
    point.get(TestingNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private int sum(ToIntFunction<Played> part) {
    return played.stream().mapToInt(part).sum();
  }
}
