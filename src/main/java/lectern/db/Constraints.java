package lectern.db;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a feature answers when the database refuses: one table from the name of a constraint to the
 * exception that stands for it. Whatever the table does not name passes unchanged, as the defect it
 * is.
 */
public final class Constraints {
  private final Map<String, RuntimeException> refusals;

  private Constraints(Map<String, RuntimeException> refusals) {
    this.refusals = refusals;
  }

  public static Constraints of(Map<String, ? extends RuntimeException> refusals) {
    return new Constraints(Map.copyOf(refusals));
  }

  /** The same work, failing with the table's exception when a named constraint was violated. */
  public <T> Future<T> guard(Future<T> work) {
    return work.recover(failure -> Future.failedFuture(translate(failure)));
  }

  private Throwable translate(Throwable failure) {
    RuntimeException refusal = refusals.get(violated(failure));
    return refusal == null ? failure : refusal;
  }

  private static String violated(Throwable failure) {
    @Nullable String name = failure instanceof PgException refused ? refused.getConstraint() : null;
    return name == null ? "" : name;
  }
}
