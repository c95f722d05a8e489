package lectern.janitor;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the sweeps: each once at start, then again after its rest, never twice at the same time. */
public final class JanitorVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(JanitorVerticle.class);

  private final List<Sweep> sweeps;
  private final List<Future<?>> running = new ArrayList<>();
  private boolean stopping;

  public JanitorVerticle(List<Sweep> sweeps) {
    this.sweeps = List.copyOf(sweeps);
  }

  @Override
  public Future<?> start() {
    sweeps.forEach(this::run);
    return Future.succeededFuture();
  }

  /** Waits for the sweeps under way; no new one begins. */
  @Override
  public Future<?> stop() {
    stopping = true;
    return Future.join(List.copyOf(running)).otherwiseEmpty();
  }

  private void run(Sweep sweep) {
    Future<Integer> run = sweep.run().get();
    running.add(run);
    run.onComplete(
        done -> {
          running.remove(run);
          report(sweep, done.succeeded() ? done.result() : 0, done.cause());
          if (!stopping) {
            vertx.setTimer(sweep.every().toMillis(), _ -> again(sweep));
          }
        });
  }

  private void again(Sweep sweep) {
    if (!stopping) {
      run(sweep);
    }
  }

  private static void report(Sweep sweep, int count, @Nullable Throwable failure) {
    if (failure != null) {
      log.atWarn().addKeyValue("sweep", sweep.name()).setCause(failure).log("sweeper.failed");
    } else if (count > 0) {
      log.atInfo()
          .addKeyValue("sweep", sweep.name())
          .addKeyValue("count", count)
          .log("sweeper.swept");
    }
  }
}
