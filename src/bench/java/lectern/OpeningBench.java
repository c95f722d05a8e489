package lectern;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import lectern.BenchClient.Reader;
import lectern.conversation.BareTurns;

/**
 * Sends a second through HTTP, answers streamed by a model server that answers at once, against the
 * same statements from a bare pool of the same size, and against a bare server that does nothing
 * but run those statements and pass on the answer.
 */
final class OpeningBench {
  private static final int CONVERSATIONS = 1_000;
  private static final int READERS = 64;
  private static final int ROUNDS = 5;
  private static final String QUESTION = "What does he mean by attention, and why does it matter?";

  private final BenchServer on;
  private final List<Reader> readers;
  private final BareTurns bare;
  private final BareSends relay;
  private List<UUID> conversations = List.of();
  private int rounds;

  private OpeningBench(BenchServer on) {
    this.on = on;
    this.readers = on.readers(READERS);
    this.bare = new BareTurns(on.pool, on.node(), readers.getFirst().model());
    this.relay = new BareSends(on.vertx, bare, on.client, on.upstream, readers);
  }

  static void run(Path home) {
    try (BenchServer on = new BenchServer(home)) {
      OpeningBench bench = new OpeningBench(on);
      bench.compareAll();
      bench.countStatements();
    }
  }

  private void compareAll() {
    warmUp();
    Bench.say("%-34s %22s %29s %29s", "", "through HTTP", "bare server", "bare statements");
    Bench.say(
        "%-34s %8s %6s %6s %8s %6s %6s %6s %8s %6s %6s %6s",
        "sends", "per s", "p50", "p95", "per s", "p50", "p95", "ratio", "per s", "p50", "p95",
        "ratio");
    compare("1,000 conversations, 1 at a time", CONVERSATIONS, 400, 1);
    compare("1,000 conversations, 16 at a time", CONVERSATIONS, 2_000, 16);
    compare("1,000 conversations, 64 at a time", CONVERSATIONS, 3_000, 64);
    compare("one conversation, 1 at a time", 1, 200, 1);
    inTurn(2);
    inTurn(8);
  }

  /** Many at one conversation, where one can have its turn: what is lost by waiting for it. */
  private void inTurn(int waiting) {
    List<Sample> turns = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      begin(1);
      turns.add(
          Load.run(
              on.vertx,
              200,
              waiting,
              (_, _) -> on.client.streamInTurn(reader(0), conversations.getFirst(), QUESTION)));
      check(200);
    }
    Bench.say(
        "%-34s %s   (rounds %s)",
        "one conversation, " + waiting + " waiting in turn",
        figures(turns),
        Sample.spread(turns, Sample::perSecond));
  }

  /** Until the compilers have seen everything often enough to leave it alone. */
  private void warmUp() {
    for (int i = 0; i < 8; i++) {
      http(CONVERSATIONS, 3_000, 64);
    }
    for (int i = 0; i < 2; i++) {
      bare(CONVERSATIONS, 3_000, 64);
      bareServer(CONVERSATIONS, 3_000, 64);
    }
    http(CONVERSATIONS, 1_000, 1);
  }

  private void compare(String name, int inConversations, int times, int underWay) {
    List<Sample> http = new ArrayList<>();
    List<Sample> bareServer = new ArrayList<>();
    List<Sample> bareRounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      http.add(http(inConversations, times, underWay));
      bareServer.add(bareServer(inConversations, times, underWay));
      bareRounds.add(bare(inConversations, times, underWay));
    }
    Bench.say(
        "%-34s %s %s %s   (rounds %s, %s, %s)",
        name,
        figures(http),
        figuresAndRatio(bareServer, http),
        figuresAndRatio(bareRounds, http),
        Sample.spread(http, Sample::perSecond),
        Sample.spread(bareServer, Sample::perSecond),
        Sample.spread(bareRounds, Sample::perSecond));
  }

  private static String figures(List<Sample> rounds) {
    return "%8.0f %6.2f %6.2f"
        .formatted(
            Sample.median(rounds, Sample::perSecond),
            Sample.median(rounds, sample -> sample.millis(0.5)),
            Sample.median(rounds, sample -> sample.millis(0.95)));
  }

  private static String figuresAndRatio(List<Sample> limit, List<Sample> http) {
    double ratio = Sample.median(http, Sample::perSecond) / Sample.median(limit, Sample::perSecond);
    return "%s %5.0f%%".formatted(figures(limit), 100 * ratio);
  }

  private Sample http(int inConversations, int times, int underWay) {
    return streamed(inConversations, times, underWay, on.server.apiPort());
  }

  private Sample bareServer(int inConversations, int times, int underWay) {
    return streamed(inConversations, times, underWay, relay.port());
  }

  private Sample streamed(int inConversations, int times, int underWay, int port) {
    return sample(
        inConversations,
        times,
        underWay,
        at -> on.client.stream(reader(at).at(port), conversations.get(at), QUESTION, _ -> {}));
  }

  private Sample bare(int inConversations, int times, int underWay) {
    return sample(
        inConversations,
        times,
        underWay,
        at -> bare.run(reader(at).id(), conversations.get(at), QUESTION, this::answered));
  }

  private Future<String> answered() {
    return Future.succeededFuture(on.upstream.text());
  }

  private Sample sample(int inConversations, int times, int underWay, IntFunction<Future<?>> send) {
    begin(inConversations);
    Sample sample =
        Load.run(
            on.vertx, times, underWay, (lane, number) -> send.apply(place(lane, number, underWay)));
    check(times);
    return sample;
  }

  /** Lanes never meet in a conversation: the second would be refused as busy. */
  private int place(int lane, int number, int underWay) {
    int each = conversations.size() / underWay;
    return lane + underWay * (number / underWay % each);
  }

  private Reader reader(int conversation) {
    return readers.get(conversation % READERS);
  }

  /** New conversations, the readers' in turn, beside all those of earlier rounds. */
  private void begin(int count) {
    String title = "Round " + ++rounds;
    on.database.execute(
        "insert into conversation (owner_user_id, title, created_at)"
            + " select (array(select id from users order by created_at))[1 + i % "
            + READERS
            + "], '"
            + title
            + "', now() + i * interval '1 second' from generate_series(0, "
            + (count - 1)
            + ") i");
    on.settle();
    conversations =
        on.ids("select id from conversation where title = '" + title + "' order by created_at");
  }

  /** A figure stands only for answers that are all there. */
  private void check(int times) {
    long whole =
        on.number(
            "select count(*) from conversation c join message m on m.conversation_id = c.id"
                + " join message_llm l on l.message_id = m.id"
                + " where m.status = 'complete' and c.title = 'Round "
                + rounds
                + "' and m.content = '"
                + on.upstream.text()
                + "'");
    if (whole != times) {
      throw new IllegalStateException(whole + " whole answers of " + times);
    }
  }

  // Statements a send

  private void countStatements() {
    count("streamed, a new conversation", (_, n) -> asked(n, null, true));
    count("plain, a new conversation", (_, n) -> asked(n, null, false));
    begin(READERS);
    Load.run(on.vertx, READERS, 1, (_, n) -> asked(n, conversations.get(n % READERS), true));
    count("streamed, one that goes on", (_, n) -> asked(n, conversations.get(n % READERS), true));
  }

  private Future<Void> asked(int number, UUID conversation, boolean streamed) {
    Reader reader = reader(number);
    return streamed
        ? on.client.stream(reader, conversation, QUESTION, _ -> {})
        : on.client.send(reader, conversation, QUESTION);
  }

  private void count(String name, Load.Work work) {
    int times = 10 * READERS;
    on.database.countStatements();
    Load.run(on.vertx, times, 8, work);
    List<String> lines = new ArrayList<>();
    double all = 0;
    for (Row row : on.rows(COUNTED)) {
      double each = row.getLong("calls") / (double) times;
      all += each;
      lines.add("  %5.2f  %s".formatted(each, row.getString("opening")));
    }
    on.database.stopCounting();
    Bench.say("%nStatements a send, %s: %.2f", name, all);
    lines.stream().filter(line -> !line.startsWith("   0.00")).forEach(Bench::say);
  }

  private static final String COUNTED =
      """
      select calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 88) as opening
      from pg_stat_statements s
      join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and query not like '%pg_stat_statements%'
        and query not like '%pg_reload_conf%'
      order by calls desc
      """;
}
