package lectern.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import lectern.bus.Bus;
import lectern.telemetry.Metrics;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void the_routes_are_the_operations_of_the_contract() {
    Scope.register();
    Vertx vertx = Vertx.vertx();
    try (Metrics metrics = new Metrics()) {
      Bus bus = new Bus(vertx);
      Contract contract = Contract.load();
      Edge edge = new Edge(Router.router(vertx), contract, _ -> Future.failedFuture("nobody"));
      new Routes(
              new HealthRoutes(bus, contract, metrics, Future::succeededFuture),
              new IdentityRoutes(bus),
              new LibraryRoutes(bus),
              new MemberRoutes(bus),
              new UploadRoutes(bus),
              new FileRoutes(bus),
              new ReadingRoutes(bus),
              new KeyRoutes(bus),
              new ModelRoutes(bus),
              new ConversationRoutes(
                  vertx, bus, metrics.registry(), new Mailbox(), ApiSettings.QUIET),
              new ProviderRoutes(bus))
          .mount(edge);
      assertThat(edge.mounted()).containsExactlyInAnyOrderElementsOf(contract.lines());
    } finally {
      vertx.close();
    }
  }
}
