package lectern.janitor;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One thing to put right, over and over. Safe on every node at once: a sweep claims the rows it
 * works on.
 *
 * @param name for logs and metrics, lower case with underscores
 * @param every how long to rest between two runs
 * @param run puts right what it finds, a bounded number, and says how many it was
 */
public record Sweep(String name, Duration every, Supplier<Future<Integer>> run) {}
