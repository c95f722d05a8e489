package lectern.telemetry;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.ContextLocal;
import org.jspecify.annotations.Nullable;

/**
 * Whose work this is: the request id and, once known, the user. It rides on the Vert.x context, so
 * it follows a request through every future and over the bus without being passed by hand.
 *
 * <p>{@link #register} must run before the first Vert.x instance is built.
 */
public record Scope(@Nullable String requestId, @Nullable String userId) {
  private static final ContextLocal<Scope> LOCAL = ContextLocal.registerLocal(Scope.class);

  /** Nobody's work: timers, sweeps, start and stop. */
  public static final Scope NONE = new Scope(null, null);

  /** Claims the slot this record lives in. */
  public static void register() {
    // The class initialiser did it.
  }

  /** The scope of the work at hand, {@link #NONE} outside any. */
  public static Scope current() {
    Context context = Vertx.currentContext();
    if (context == null) {
      return NONE;
    }
    Scope scope = context.getLocal(LOCAL);
    return scope == null ? NONE : scope;
  }

  /** Makes this the scope of the current context; without effect off Vert.x threads. */
  public void enter() {
    Context context = Vertx.currentContext();
    if (context != null) {
      context.putLocal(LOCAL, this);
    }
  }

  /** The same work, now known to be this user's. */
  public Scope withUser(String id) {
    return new Scope(requestId, id);
  }
}
