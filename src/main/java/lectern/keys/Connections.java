package lectern.keys;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.keys.ConnectionStore.Held;
import lectern.keys.ConnectionStore.Locked;
import lectern.keys.ConnectionStore.Place;
import lectern.llm.Connection;
import lectern.llm.Dialect;
import lectern.llm.ModelList;
import lectern.llm.Patience;
import lectern.llm.Secret;
import lectern.net.FetchFailure;
import lectern.net.GuardedClient;
import lectern.net.WebAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers' own model servers. A key is sealed for one base URL and opens for no other. Every time a
 * server is asked, its name is looked up and checked anew, and the connection is made to the very
 * address that was checked.
 */
final class Connections {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final String PROVIDER = "connection";

  /**
   * Readers whose connections are asked anew at once on this node; others come at their next look.
   */
  private static final int MOST_REFRESHING = 8;

  private final Bus bus;
  private final Database database;
  private final Vault vault;
  private final GuardedClient guarded;
  private final Turnstile turnstile;
  private int refreshing;

  Connections(Bus bus, Database database, Vault vault, GuardedClient guarded, Turnstile turnstile) {
    this.turnstile = turnstile;
    this.bus = bus;
    this.database = database;
    this.vault = vault;
    this.guarded = guarded;
  }

  Future<UserConnection.Listing> list(UserConnection.ListOwn question) {
    return ConnectionStore.list(database.pool(), question.viewer())
        .onSuccess(
            held -> {
              if (held.stream().anyMatch(Held::stale)) {
                refresh(question.viewer());
              }
            })
        .map(held -> new UserConnection.Listing(held.stream().map(Held::connection).toList()));
  }

  Future<Nothing> refresh(UserConnection.Refresh question) {
    refresh(question.viewer());
    return Future.succeededFuture(Nothing.NOTHING);
  }

  /**
   * One of a reader's connections after the other. Each is claimed first, so that no other listing
   * and no other node asks it too, and one that does not answer is left alone for a day as well.
   */
  private void refresh(UUID viewer) {
    if (refreshing < MOST_REFRESHING) {
      refreshing++;
      ConnectionStore.claimStale(database.pool(), viewer)
          .compose(ids -> askedEach(viewer, ids.iterator()))
          .onFailure(failure -> log.warn("connections.not_refreshed", failure))
          .onComplete(_ -> refreshing--);
    }
  }

  /** What becomes of one is written down with it, and holds up no other. */
  private Future<Void> askedEach(UUID viewer, Iterator<UUID> left) {
    return left.hasNext()
        ? asked(viewer, left.next()).transform(_ -> askedEach(viewer, left))
        : Future.succeededFuture();
  }

  Future<UserConnection> create(UserConnection.Create question) {
    turnstile.pass(question.viewer());
    String name = named(question.name());
    Place place = place(question.baseUrl(), dialect(question.dialect()));
    UUID id = UUID.randomUUID();
    Locked key = locked(question.apiKey(), Owner.of(question.viewer(), id, place.baseUrl()));
    return pin(place)
        .compose(
            _ ->
                database.transaction(
                    sql -> ConnectionStore.insert(sql, question.viewer(), id, name, place, key)))
        .compose(stored -> stored ? asked(question.viewer(), id) : Future.failedFuture(tooMany()))
        .map(Answered::connection);
  }

  Future<UserConnection> change(UserConnection.Change question) {
    turnstile.pass(question.viewer());
    return find(question.viewer(), question.id())
        .compose(before -> change(question, before))
        .compose(_ -> asked(question.viewer(), question.id()))
        .map(Answered::connection);
  }

  private Future<Nothing> change(UserConnection.Change question, Held before) {
    UserConnection was = before.connection();
    String name = question.name() == null ? was.name() : named(question.name());
    Place place =
        place(
            question.baseUrl() == null ? was.baseUrl() : question.baseUrl(),
            question.dialect() == null ? was.dialect() : dialect(question.dialect()));
    boolean moved = !place.baseUrl().equals(before.place().baseUrl());
    if (moved && before.key().sealed() != null && !question.keyGiven()) {
      throw new Refusal(
              Code.E_INVALID_REQUEST,
              "A key does not follow to another address. Give it again, or take it away.")
          .with("field", "api_key");
    }
    Owner owner = Owner.of(question.viewer(), was.id(), place.baseUrl());
    Locked key = question.keyGiven() ? locked(question.apiKey(), owner) : before.key();
    return pin(place)
        .compose(_ -> ConnectionStore.update(database.pool(), before, name, place, key))
        .map(
            done -> {
              if (!done) {
                throw new Refusal(
                    Code.E_UNAVAILABLE, "This connection was changed meanwhile. Try again.");
              }
              return Nothing.NOTHING;
            });
  }

  Future<Nothing> delete(UserConnection.Delete question) {
    return ConnectionStore.delete(database.pool(), question.viewer(), question.id())
        .map(
            there -> {
              if (!there) {
                throw missing();
              }
              return Nothing.NOTHING;
            });
  }

  Future<UserConnection.Tested> test(UserConnection.Test question) {
    turnstile.pass(question.viewer());
    return asked(question.viewer(), question.id())
        .map(
            answered ->
                new UserConnection.Tested(
                    answered.connection(), answered.result(), answered.sentence()));
  }

  /** The connection for one call, its address pinned. */
  Future<UserConnection.Opened> open(UserConnection.Open question) {
    return find(question.viewer(), question.id()).compose(this::opened);
  }

  private Future<UserConnection.Opened> opened(Held held) {
    Optional<Secret> secret = secret(held);
    if (held.key().sealed() != null && secret.isEmpty()) {
      return Future.failedFuture(
          new Refusal(
              Code.E_LLM_NO_KEY, "The key of this connection does not open. Give it again."));
    }
    return pin(held.place())
        .map(
            address ->
                new UserConnection.Opened(
                    new Connection(
                            PROVIDER,
                            wire(held.place().dialect()),
                            held.place().baseUrl(),
                            secret.orElse(null),
                            Patience.LOCAL)
                        .pinned(address.getHostAddress()),
                    secret.isPresent() ? held.ticket() : null));
  }

  private Optional<Secret> secret(Held held) {
    Sealed sealed = held.key().sealed();
    if (sealed == null) {
      return Optional.empty();
    }
    Optional<Secret> secret = vault.open(sealed, held.owner());
    if (secret.isEmpty()) {
      KeyLog.unopened(log, held.connection().id(), sealed);
    }
    return secret;
  }

  /** Asks a server for its models, and writes down what came of it. */
  private Future<Answered> asked(UUID viewer, UUID id) {
    return find(viewer, id)
        .compose(
            held ->
                opened(held)
                    .compose(
                        opened ->
                            bus.ask(
                                ModelList.OfConnection.ADDRESS,
                                new ModelList.OfConnection(opened.connection())))
                    .compose(list -> written(held, list)))
        .compose(verdict -> find(viewer, id).map(now -> new Answered(now.connection(), verdict)));
  }

  private Future<Verdict> written(Held held, ModelList list) {
    Verdict verdict = Verdict.of(list.failure());
    return ConnectionStore.mark(database.pool(), held.ticket(), verdict.result(), list.failure())
        .compose(
            _ ->
                list.failure() == null
                    ? ConnectionStore.putModels(database.pool(), held.ticket(), list.models())
                    : Future.succeededFuture())
        .map(verdict);
  }

  private record Answered(UserConnection connection, Verdict verdict) {
    TestResult result() {
      return verdict.result();
    }

    String sentence() {
      return verdict.sentence();
    }
  }

  private Future<Held> find(UUID viewer, UUID id) {
    return ConnectionStore.find(database.pool(), viewer, id)
        .map(held -> held.orElseThrow(Connections::missing));
  }

  // What was typed

  private static String named(String typed) {
    String name = typed.strip();
    if (name.isEmpty()) {
      throw new Refusal(Code.E_NAME_INVALID, "A connection needs a name.").with("field", "name");
    }
    return name;
  }

  private static String dialect(@Nullable String word) {
    return word == null ? Dialect.OPENAI_COMPATIBLE.word() : word;
  }

  private static Dialect wire(String word) {
    return Stream.of(Dialect.values())
        .filter(dialect -> dialect.word().equals(word))
        .findFirst()
        .orElseThrow();
  }

  /** The base URL as it will be asked: what the key is sealed for. */
  private static Place place(String typed, String dialect) {
    try {
      WebAddress address = WebAddress.parse(typed);
      if (!address.query().isEmpty()) {
        throw wrongAddress("A base URL has no question mark in it.");
      }
      URI url = URI.create(address.toString());
      Connection normal = new Connection(PROVIDER, wire(dialect), url, null, Patience.LOCAL);
      return new Place(normal.baseUrl(), dialect);
    } catch (FetchFailure wrong) {
      throw wrongAddress(wrong.sentence());
    } catch (IllegalArgumentException wrong) {
      throw wrongAddress("A base URL is http or https with a host, as in https://host/v1.");
    }
  }

  private static Refusal wrongAddress(String sentence) {
    return new Refusal(Code.E_INVALID_REQUEST, sentence).with("field", "base_url");
  }

  private Locked locked(@Nullable String typed, Owner owner) {
    if (typed == null || typed.isBlank()) {
      return Locked.NONE;
    }
    Secret secret = KeyFormat.checkOwn(typed);
    return new Locked(vault.seal(secret, owner), KeyFormat.fingerprint(secret));
  }

  /** The network address to connect to, allowed; the name is looked up now. */
  private Future<InetAddress> pin(Place place) {
    return guarded
        .pin(WebAddress.parse(place.baseUrl().toString()))
        .map(List::getFirst)
        .recover(failure -> Future.failedFuture(asRefusal(failure)));
  }

  private static Throwable asRefusal(Throwable failure) {
    if (!(failure instanceof FetchFailure no)) {
      return failure;
    }
    Code code =
        no.kind() == FetchFailure.Kind.BLOCKED ? Code.E_SSRF_BLOCKED : Code.E_INVALID_REQUEST;
    return new Refusal(code, no.sentence()).with("field", "base_url");
  }

  private static Refusal missing() {
    return new Refusal(Code.E_CONNECTION_NOT_FOUND, "You have no such connection.");
  }

  private static Refusal tooMany() {
    return new Refusal(
        Code.E_TOO_MANY_CONNECTIONS,
        "You have " + ConnectionStore.MOST + " connections already. Remove one first.");
  }
}
