package lectern.reading;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.UUID;

/** The statements of a list of highlights with nothing around them. */
public final class BareReading {
  private final Pool pool;

  public BareReading(Pool pool) {
    this.pool = pool;
  }

  /** How many highlights the reader has in a document. */
  public Future<Integer> highlights(UUID reader, UUID media) {
    return ReadingStore.listInMedia(pool, reader, media).map(highlights -> highlights.size());
  }
}
