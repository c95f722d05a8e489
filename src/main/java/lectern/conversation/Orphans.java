package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import lectern.janitor.Sweep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a crash leaves of sends, and how it is put right. */
public final class Orphans {
  private static final Logger log = LoggerFactory.getLogger(Orphans.class);

  private Orphans() {}

  /**
   * @param sweeper the node that sweeps; its own answers are its own affair
   * @param silent how long a node may say nothing before its answers are ended for it
   */
  public static List<Sweep> sweeps(Pool pool, UUID sweeper, Duration silent) {
    return List.of(
        new Sweep("orphaned_answers", Duration.ofSeconds(5), () -> finalise(pool, sweeper, silent)),
        new Sweep(
            "expired_idempotency_keys",
            Duration.ofMinutes(10),
            () -> IdempotencyStore.deleteExpired(pool)),
        new Sweep(
            "old_generations", Duration.ofMinutes(10), () -> GenerationStore.deleteOld(pool)));
  }

  /** All there are: none waits for the next sweep because of those before it. */
  private static Future<Integer> finalise(Pool pool, UUID sweeper, Duration silent) {
    return GenerationStore.finaliseOrphans(pool, sweeper, silent.toSeconds())
        .map(Orphans::finalised)
        .compose(
            some ->
                some < GenerationStore.ORPHANS_AT_ONCE
                    ? Future.succeededFuture(some)
                    : finalise(pool, sweeper, silent).map(more -> some + more));
  }

  static int finalised(List<UUID> messages) {
    for (UUID message : messages) {
      log.atWarn()
          .addKeyValue("assistant_message_id", message)
          .log("sweeper.orphaned_pending_finalized");
    }
    return messages.size();
  }
}
