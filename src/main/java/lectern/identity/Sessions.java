package lectern.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;

/** Sessions: begun by signing in, proved by a token at every request, ended by signing out. */
final class Sessions {
  /** So long may a session that was ended on another node still be believed on this one. */
  private static final Duration BELIEVED = Duration.ofSeconds(10);

  /** A few hundred bytes each. */
  private static final int REMEMBERED = 10_000;

  private final Pool pool;
  private final Tokens tokens;
  private final SessionStore store;
  private final Cache<UUID, Viewer> recent =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(BELIEVED).build();

  Sessions(Pool pool, Tokens tokens, SessionStore store) {
    this.pool = pool;
    this.tokens = tokens;
    this.store = store;
  }

  Future<SignedIn> begin(SqlClient client, User user) {
    return store.insert(client, user.id()).map(opened -> signedIn(user, opened));
  }

  Future<Viewer> authenticate(String token) {
    return tokens
        .open(token)
        .recover(_ -> Future.failedFuture(unauthenticated()))
        .compose(this::viewer);
  }

  /** A token that names no session of ours has nothing to end. */
  Future<Void> end(String token) {
    return tokens
        .open(token)
        .map(Optional::of)
        .otherwise(Optional.empty())
        .compose(named -> named.map(this::revoke).orElseGet(Future::succeededFuture));
  }

  private Future<Void> revoke(Tokens.Named named) {
    return store
        .markRevoked(pool, named.session())
        .onComplete(_ -> recent.invalidate(named.session()));
  }

  private Future<Viewer> viewer(Tokens.Named named) {
    Viewer known = recent.getIfPresent(named.session());
    if (known != null
        && known.expiresAt().isAfter(OffsetDateTime.now(known.expiresAt().getOffset()))) {
      return Future.succeededFuture(known);
    }
    return store.findOpen(pool, named.session(), named.user()).map(this::remembered);
  }

  private Viewer remembered(Optional<Viewer> found) {
    Viewer viewer = found.orElseThrow(Sessions::unauthenticated);
    recent.put(viewer.session(), viewer);
    return viewer;
  }

  private SignedIn signedIn(User user, SessionStore.Opened opened) {
    String token = tokens.issue(user.id(), opened.id(), opened.expiresAt());
    return new SignedIn(token, "Bearer", opened.expiresAt(), user);
  }

  private static Refusal unauthenticated() {
    return new Refusal(Code.E_UNAUTHENTICATED, "Your session is over. Sign in again.");
  }
}
