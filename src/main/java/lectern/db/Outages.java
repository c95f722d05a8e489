package lectern.db;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * Tells a database that is away, has too much to do, or let others go first, from a defect: the
 * asker may come back.
 */
public final class Outages {
  /** SQLSTATE class 57: the server is starting, stopping, or was told to drop us. */
  private static final String OPERATOR_INTERVENTION = "57P";

  /** SQLSTATE class 53: no room for another connection, or for anything. */
  private static final String INSUFFICIENT_RESOURCES = "53";

  /** serialization_failure and deadlock_detected: nothing was done, and doing it again may work. */
  private static final Set<String> LOST = Set.of("40001", "40P01");

  /** What the pool says when no connection came free in time; it has no type for that. */
  private static final Set<String> WAITED = Set.of("Timeout waiting for connection", "Timeout");

  private Outages() {}

  /** E_UNAVAILABLE for a failure of that kind, nothing for any other. */
  public static Optional<Refusal> explain(Throwable failure) {
    if (hasLost(failure)) {
      return Optional.of(
          unavailable("Others were changing the same at that moment. Try again shortly."));
    }
    return isOutage(failure)
        ? Optional.of(unavailable("The database does not answer right now. Try again shortly."))
        : Optional.empty();
  }

  private static Refusal unavailable(String sentence) {
    return new Refusal(Code.E_UNAVAILABLE, sentence).with("retry_after_seconds", 2);
  }

  /** Whether a transaction was given up for the sake of another one. */
  static boolean hasLost(Throwable failure) {
    return failure instanceof PgException refused && LOST.contains(refused.getSqlState());
  }

  private static boolean isOutage(Throwable failure) {
    return switch (failure) {
      case ConnectException _ -> true;
      case TimeoutException _ -> true;
      case ConnectionPoolTooBusyException _ -> true;
      case ClosedConnectionException _ -> true;
      case PgException refused -> {
        String state = refused.getSqlState();
        yield state != null
            && (state.startsWith(OPERATOR_INTERVENTION)
                || state.startsWith(INSUFFICIENT_RESOURCES));
      }
      default -> failure.getMessage() != null && WAITED.contains(failure.getMessage());
    };
  }
}
