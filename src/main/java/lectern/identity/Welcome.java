package lectern.identity;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.UUID;

/**
 * What a new person finds, such as a library of their own. Done in the transaction that makes the
 * account, so that nobody is ever seen without it.
 */
@FunctionalInterface
public interface Welcome {
  Future<?> receive(SqlClient transaction, UUID user);
}
