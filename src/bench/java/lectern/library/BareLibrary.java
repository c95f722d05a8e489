package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import lectern.library.Media.Sort;

/** The statements of the library with nothing around them. */
public final class BareLibrary {
  private final Pool pool;

  public BareLibrary(Pool pool) {
    this.pool = pool;
  }

  /** A page of all that the reader can read, the latest first. */
  public Future<Integer> page(UUID reader, int limit) {
    return MediaStore.list(pool, new Media.ListOwn(reader, null, null, Sort.ADDED, limit, null))
        .map(listing -> listing.media().size());
  }

  /** How many of these the reader can read, asked in one query. */
  public Future<Long> readable(UUID reader, List<UUID> ids) {
    return MediaStore.readable(pool, reader, ids)
        .map(all -> all.values().stream().filter(each -> each).count());
  }

  /** The same for one of them. */
  public Future<Boolean> readable(UUID reader, UUID id) {
    return pool.preparedQuery("select can_read_media($1, $2)")
        .execute(Tuple.of(reader, id))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }
}
