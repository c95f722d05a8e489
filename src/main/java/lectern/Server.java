package lectern;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import lectern.bus.Bus;
import lectern.cluster.Node;
import lectern.conversation.ConversationVerticle;
import lectern.conversation.Orphans;
import lectern.db.Database;
import lectern.db.DatabaseServer;
import lectern.db.Outages;
import lectern.gateway.GatewayVerticle;
import lectern.http.ApiVerticle;
import lectern.identity.IdentityVerticle;
import lectern.identity.Leftovers;
import lectern.janitor.JanitorVerticle;
import lectern.janitor.Sweep;
import lectern.keys.KeysVerticle;
import lectern.library.Libraries;
import lectern.library.LibraryVerticle;
import lectern.llm.Catalogue;
import lectern.llm.LlmVerticle;
import lectern.models.ModelsVerticle;
import lectern.net.Guard;
import lectern.reading.ReadingVerticle;
import lectern.telemetry.Metrics;
import lectern.telemetry.Scope;

/**
 * The whole server: every part of it started in order, and closed in reverse. What is still being
 * answered when it closes gets a little time to finish.
 */
final class Server implements AutoCloseable {
  /** How long answers may go on growing once the server stops. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Config config;
  private final Parts parts = new Parts();
  private final CompletableFuture<Integer> databaseFailure;
  private final int port;
  private final int apiPort;

  /**
   * Blocks until everything answers; when something fails, what had been opened is closed again.
   */
  static Server start(Config config) {
    return new Server(config);
  }

  private Server(Config config) {
    this.config = config;
    Scope.register();
    try {
      // The slow beginnings overlap: PostgreSQL, libsodium, and the event loops.
      CompletableFuture<DatabaseServer> starting =
          parts.openLater(() -> DatabaseServer.start(Wiring.database(config)));
      CompletableFuture<SodiumJava> loading = CompletableFuture.supplyAsync(SodiumJava::new);
      Metrics metrics = parts.open(new Metrics());
      Vertx vertx = buildVertx(metrics);
      parts.closing(() -> Parts.await(vertx.close()));
      DatabaseServer server = Parts.await(starting);
      databaseFailure = server.failure();
      Database database = new Database(vertx, server, config.database().poolSize());
      parts.closing(() -> Parts.await(database.close()));
      Bus bus = new Bus(vertx, Outages::explain);
      deployFeatures(vertx, bus, metrics, database, Parts.await(loading));
      ApiVerticle api = new ApiVerticle(bus, metrics, database::ping, Wiring.api(config));
      deploy(vertx, Role.API, api);
      apiPort = has(Role.API) ? api.port() : 0;
      GatewayVerticle gateway = new GatewayVerticle(Wiring.gateway(config, apiPort));
      deploy(vertx, Role.GATEWAY, gateway);
      port = has(Role.GATEWAY) ? gateway.port() : 0;
    } catch (RuntimeException failed) {
      parts.close();
      throw failed;
    }
  }

  private static Vertx buildVertx(Metrics metrics) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(eventLoops(Runtime.getRuntime().availableProcessors()))
            .setMetricsOptions(Metrics.options());
    return metrics.measuring(Vertx.builder().with(options)).build();
  }

  /**
   * Half of the processors: the other half is the database's, and parts on one loop need not wake
   * each other up.
   */
  static int eventLoops(int processors) {
    return Math.max(1, processors / 2);
  }

  private void deployFeatures(
      Vertx vertx, Bus bus, Metrics metrics, Database database, SodiumJava sodium) {
    Node node = new Node(database.pool());
    Parts.await(config.database().url().isPresent() ? node.join() : node.joinAlone());
    parts.closing(() -> Parts.await(node.leave()));
    deploy(vertx, new JanitorVerticle(List.of(node.beat())));
    deploy(
        vertx,
        Role.LLM,
        new LlmVerticle(bus, Wiring.llm(config), Catalogue.bundled(), metrics.registry()));
    deploy(
        vertx,
        Role.IDENTITY,
        new IdentityVerticle(
            bus, database, sodium, Wiring.identity(config), Libraries::ensureDefault));
    deploy(
        vertx,
        Role.LIBRARY,
        new LibraryVerticle(
            bus, database, Wiring.library(config), Guard.of(config.allowPrivateAddresses())));
    deploy(vertx, Role.LIBRARY, new ReadingVerticle(bus, database));
    deploy(vertx, Role.CONVERSATION, new KeysVerticle(bus, database, sodium, Wiring.keys(config)));
    deploy(vertx, Role.CONVERSATION, new ModelsVerticle(bus, database.pool()));
    deploy(
        vertx,
        Role.CONVERSATION,
        new ConversationVerticle(
            bus, database, metrics.registry(), Wiring.sendLimits(config), node.id(), DRAIN));
    deploy(vertx, Role.JANITOR, new JanitorVerticle(sweeps(node, database)));
  }

  private static List<Sweep> sweeps(Node node, Database database) {
    List<Sweep> sweeps = new ArrayList<>(List.of(node.forgetDead()));
    sweeps.addAll(Orphans.sweeps(database.pool(), node.id(), Node.SILENT));
    sweeps.addAll(Leftovers.sweeps(database.pool()));
    return sweeps;
  }

  private boolean has(Role role) {
    return config.roles().contains(role);
  }

  /** Deploys a verticle if this node has its role; closed in its turn. */
  private void deploy(Vertx vertx, Role role, Deployable verticle) {
    if (has(role)) {
      deploy(vertx, verticle);
    }
  }

  private void deploy(Vertx vertx, Deployable verticle) {
    String id = Parts.await(vertx.deployVerticle(verticle));
    parts.closing(() -> Parts.await(vertx.undeploy(id)));
  }

  /** The gateway's port: where the page is. */
  int port() {
    return port;
  }

  int apiPort() {
    return apiPort;
  }

  /** Completes with an exit code when the embedded database ends unasked. */
  CompletableFuture<Integer> databaseFailure() {
    return databaseFailure;
  }

  @Override
  public void close() {
    parts.close();
  }
}
