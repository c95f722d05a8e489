package lectern.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;
import lectern.bus.Bus;
import lectern.telemetry.Metrics;
import org.jspecify.annotations.Nullable;

/** Owns the API's port: JSON and event streams for whoever has a bearer token. */
public final class ApiVerticle extends VerticleBase {
  private final Bus bus;
  private final Metrics metrics;
  private final Supplier<Future<Void>> database;
  private final ApiSettings settings;
  private @Nullable HttpServer server;

  /**
   * @param database succeeds when the database answers; for the readiness check alone
   */
  public ApiVerticle(
      Bus bus, Metrics metrics, Supplier<Future<Void>> database, ApiSettings settings) {
    this.bus = bus;
    this.metrics = metrics;
    this.database = database;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    Contract contract = Contract.load();
    Mailbox mailbox = new Mailbox();
    HealthRoutes health = new HealthRoutes(bus, contract, metrics, database);
    IdentityRoutes identity = new IdentityRoutes(bus);
    Router router = Router.router(vertx);
    new Routes(
            health,
            identity,
            new LibraryRoutes(bus),
            new MemberRoutes(bus),
            new UploadRoutes(bus),
            new FileRoutes(bus),
            new ReadingRoutes(bus),
            new KeyRoutes(bus),
            new ModelRoutes(bus),
            new ConversationRoutes(vertx, bus, metrics.registry(), mailbox, settings.quiet()),
            new ProviderRoutes(bus))
        .mount(new Edge(router, contract, identity::authenticate));
    return Future.all(health.open(), mailbox.open(bus)).compose(_ -> listen(router));
  }

  private Future<HttpServer> listen(Router router) {
    HttpServerOptions options =
        new HttpServerOptions().setTcpNoDelay(true).setMaxInitialLineLength(8192);
    return vertx
        .createHttpServer(options)
        .requestHandler(router)
        .listen(settings.port(), settings.host())
        .onSuccess(listening -> server = listening);
  }

  /** The port in use, which {@link ApiSettings#port} leaves open when it is 0. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }
}
