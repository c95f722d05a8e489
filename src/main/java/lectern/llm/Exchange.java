package lectern.llm;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import lectern.bus.Bus;

/**
 * What every answer of one event loop shares.
 *
 * @param chance from 0 to 1, to spread retries
 */
record Exchange(
    Vertx vertx,
    Bus bus,
    Function<Dialect, Provider> providers,
    Breakers breakers,
    LlmMeters meters,
    Pace pace,
    Clock clock,
    DoubleSupplier chance) {

  long now() {
    return clock.millis();
  }
}
