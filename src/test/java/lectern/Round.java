package lectern;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import lectern.db.TestingDatabase;

/**
 * Schedules that are played side by side at the same two nodes. All of them meet half-way, and what
 * is done then, a node killed or nothing, happens in the middle of each.
 *
 * @param asked the questions that the model server may be asked, by their words
 * @param middle when all have come half-way, and go on
 * @param over when what was to be done is done
 */
record Round(
    TestingNodes nodes,
    TestingDatabase database,
    Vertx vertx,
    String model,
    Map<String, Sent> asked,
    CompletableFuture<Void> middle,
    Promise<Void> over) {}
