package lectern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import lectern.BenchClient.Reader;
import lectern.db.BenchDatabase;

/**
 * A whole Lectern in this process, with limits that nobody reaches, a database that can be looked
 * into, and a model server that answers at once.
 */
final class BenchServer implements AutoCloseable {
  private final Parts parts = new Parts();
  final Vertx vertx;
  final BenchDatabase database;
  final Pool pool;
  final BenchUpstream upstream;
  final BenchClient client;
  final Server server;

  BenchServer(Path home) {
    this(home, Map.of());
  }

  BenchServer(Path home, Map<String, String> others) {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    parts.closing(() -> Parts.await(vertx.close()));
    upstream = BenchUpstream.instant(vertx);
    database = parts.open(BenchDatabase.start(home.resolve("database")));
    pool = database.pool(vertx);
    parts.closing(() -> Parts.await(pool.close()));
    server = parts.open(Server.start(config(home, others)));
    client = new BenchClient(vertx);
  }

  private Config config(Path home, Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(unlimited(upstream.baseUrl().toString()));
    for (String provider : List.of("ANTHROPIC", "GEMINI")) {
      settings.put(provider + "_BASE_URL", upstream.baseUrl().toString());
      settings.put(provider + "_API_KEY", "sk-bench");
    }
    settings.putAll(others);
    settings.put("LECTERN_HOME", home.toString());
    settings.put("LECTERN_DATABASE_URL", database.url().toString());
    settings.put("LECTERN_PORT", "0");
    settings.put("LECTERN_API_PORT", "0");
    settings.put("LECTERN_KEY_ENCRYPTION_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    return Config.read(CommandLine.parse(List.of()), settings);
  }

  /** Everybody may come in and ask the model server as much as they like. */
  static Map<String, String> unlimited(String upstream) {
    return Map.of(
        "LECTERN_REGISTRATION", "open",
        "LECTERN_SENDS_PER_MINUTE", "100000",
        "LECTERN_SENDS_IN_FLIGHT", "1000",
        "LECTERN_PLATFORM_TOKENS_PER_DAY", Integer.toString(Integer.MAX_VALUE),
        "LECTERN_LOCAL_MODELS", "false",
        "OPENAI_BASE_URL", upstream,
        "OPENAI_API_KEY", "sk-bench");
  }

  List<Reader> readers(int count) {
    return readers(client, server.apiPort(), count);
  }

  /** One after the other: each costs a password's hash. */
  static List<Reader> readers(BenchClient client, int port, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Parts.await(client.register(port, "reader" + i)))
        .toList();
  }

  /**
   * Makes every round begin alike: nobody has sent anything within the day, the planner knows the
   * tables as they are, and no checkpoint is due. Tables are never emptied, for what the database
   * plans for an empty table is not what it does in use.
   */
  void settle() {
    database.execute(
        "update generation set created_at = created_at - interval '2 days'"
            + " where created_at > now() - interval '2 days'",
        "vacuum (analyze) conversation, message, message_llm, generation",
        "checkpoint");
  }

  /** A model of this provider. */
  UUID model(String provider) {
    return ids("select id from models where is_available and provider = '%s' order by model_name limit 1"
            .formatted(provider))
        .getFirst();
  }

  /** The node that beats. */
  UUID node() {
    return ids("select id from node").getFirst();
  }

  List<UUID> ids(String sql) {
    return StreamSupport.stream(rows(sql).spliterator(), false).map(row -> row.getUUID(0)).toList();
  }

  long number(String sql) {
    return rows(sql).iterator().next().getLong(0);
  }

  Iterable<Row> rows(String sql) {
    Future<? extends Iterable<Row>> rows = pool.query(sql).execute();
    return Parts.await(rows);
  }

  @Override
  public void close() {
    parts.close();
  }
}
