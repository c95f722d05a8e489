package lectern;

import static lectern.db.TestingDatabase.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole server, gateway to database, on free ports, for the tests of a class:
 *
 * <pre>
 * &#64;RegisterExtension static final TestingServer server = new TestingServer();
 * </pre>
 *
 * <p>Its database is the class's own, its OpenAI is a {@link TestingProvider}, anybody may
 * register, and its limits are out of the way.
 */
final class TestingServer implements BeforeAllCallback, AfterAllCallback {
  /** Small enough to pass over in a test. */
  static final int UPLOAD_LIMIT = 1 << 20;

  final TestingDatabase database = new TestingDatabase();
  private final Map<String, String> others = new HashMap<>();
  private Vertx vertx;
  private WebClient web;
  private TestingProvider provider;
  private boolean cuttable;
  private TestingCable cable;
  private Path home;
  private Server server;

  /** With this setting, in place of the one for tests. */
  TestingServer with(String setting, String value) {
    others.put(setting, value);
    return this;
  }

  /** One that reaches its database by a {@link TestingCable}. */
  TestingServer whoseDatabaseCanBeCutOff() {
    cuttable = true;
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    database.beforeAll(context);
    Scope.register();
    vertx = Vertx.vertx();
    web = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(128));
    provider = TestingProvider.start(vertx);
    cable = cuttable ? new TestingCable(vertx, database.url()) : null;
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "testing-server-");
    server = Server.start(Config.read(CommandLine.parse(List.of()), environment()));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("LECTERN_HOME", home.toString());
    environment.put("LECTERN_PORT", "0");
    environment.put("LECTERN_API_PORT", "0");
    environment.put("LECTERN_DATABASE_URL", (cuttable ? cable.url() : database.url()).toString());
    environment.put("LECTERN_KEY_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    environment.put("LECTERN_REGISTRATION", "open");
    environment.put("LECTERN_LOCAL_MODELS", "false");
    environment.put("LECTERN_SENDS_PER_MINUTE", "10000");
    environment.put("LECTERN_SENDS_IN_FLIGHT", "1000");
    environment.put("LECTERN_PLATFORM_TOKENS_PER_DAY", "2000000000");
    environment.put("LECTERN_UPLOAD_LIMIT", Integer.toString(UPLOAD_LIMIT));
    environment.put("LECTERN_ALLOW_PRIVATE_ADDRESSES", "true");
    environment.put("OPENAI_API_KEY", "sk-testing");
    environment.put("OPENAI_BASE_URL", provider.baseUrl().toString());
    environment.putAll(others);
    return environment;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
    await(vertx.close());
    database.afterAll(context);
    try {
      Files.deleteIfExists(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the server and starts another one on the same database. */
  void restart() {
    server.close();
    server = Server.start(Config.read(CommandLine.parse(List.of()), environment()));
  }

  /** What the server takes for OpenAI. */
  TestingProvider provider() {
    return provider;
  }

  TestingCable cable() {
    return cable;
  }

  Vertx vertx() {
    return vertx;
  }

  WebClient web() {
    return web;
  }

  int apiPort() {
    return server.apiPort();
  }

  /** Somebody without a token. */
  TestingClient anybody() {
    return new TestingClient(this, null);
  }

  /** Somebody who just made an account. */
  TestingClient newcomer() {
    return anybody().registered(UUID.randomUUID() + "@example.org");
  }

  /** How many rows a table has. */
  long count(String table) {
    return await(database.pool().query("select count(*) from " + table).execute())
        .iterator()
        .next()
        .getLong(0);
  }
}
