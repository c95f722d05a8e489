package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.identity.IdentityAddresses;
import lectern.identity.User;

/**
 * Who belongs to which library. Every change holds the library's row, so that two administrators
 * who leave at once do not both succeed.
 */
final class Members {
  private final Bus bus;
  private final Database database;

  Members(Bus bus, Database database) {
    this.bus = bus;
    this.database = database;
  }

  Future<Void> listen() {
    return Future.all(
            bus.answer(Member.ListOf.ADDRESS, this::list),
            bus.answer(Member.Add.ADDRESS, this::add),
            bus.answer(Member.Change.ADDRESS, this::change),
            bus.answer(Member.Remove.ADDRESS, this::remove))
        .mapEmpty();
  }

  private Future<Member.Listing> list(Member.ListOf list) {
    return LibraryStore.find(database.pool(), list.viewer(), list.libraryId())
        .compose(found -> MemberStore.list(database.pool(), found.id()))
        .map(Member.Listing::new);
  }

  /** The account is looked for last, so that only administrators learn whether there is one. */
  private Future<Member> add(Member.Add add) {
    return LibraryStore.find(database.pool(), add.viewer(), add.libraryId())
        .map(Members::joinable)
        .compose(
            found ->
                bus.ask(
                    IdentityAddresses.FIND_BY_EMAIL,
                    new IdentityAddresses.FindByEmail(add.email())))
        .compose(user -> database.transaction(sql -> join(sql, add, user)));
  }

  private static Future<Member> join(SqlClient sql, Member.Add add, User user) {
    UUID library = add.libraryId();
    return LibraryStore.findLocked(sql, add.viewer(), library)
        .map(Members::joinable)
        .compose(found -> MemberStore.find(sql, library, user.id()))
        .compose(
            member ->
                member.isPresent()
                    ? Future.succeededFuture(member.get())
                    : MemberStore.count(sql, library)
                        .map(Members::withRoom)
                        .compose(room -> MemberStore.insert(sql, library, user.id(), add.role()))
                        .compose(done -> found(sql, library, user.id())));
  }

  private Future<Member> change(Member.Change change) {
    UUID library = change.libraryId();
    return database.transaction(
        sql ->
            LibraryStore.findLocked(sql, change.viewer(), library)
                .map(LibraryVerticle::administered)
                .compose(seen -> found(sql, library, change.userId()))
                .compose(
                    member ->
                        change.role() == Role.ADMIN
                            ? Future.succeededFuture()
                            : spared(sql, library, member))
                .compose(
                    spared -> MemberStore.markRole(sql, library, change.userId(), change.role()))
                .compose(done -> found(sql, library, change.userId())));
  }

  private Future<Nothing> remove(Member.Remove remove) {
    UUID library = remove.libraryId();
    return database.transaction(
        sql ->
            LibraryStore.findLocked(sql, remove.viewer(), library)
                .map(seen -> mayRemove(seen, remove))
                .compose(seen -> found(sql, library, remove.userId()))
                .compose(member -> spared(sql, library, member))
                .compose(spared -> MemberStore.delete(sql, library, remove.userId()))
                .map(Nothing.NOTHING));
  }

  private static Library joinable(Library library) {
    LibraryVerticle.administered(library);
    if (library.isDefault()) {
      throw new Refusal(
          Code.E_DEFAULT_LIBRARY_FORBIDDEN,
          "Your first library is yours alone. Make another one to share.");
    }
    return library;
  }

  private static Library mayRemove(Library library, Member.Remove remove) {
    return remove.viewer().equals(remove.userId())
        ? library
        : LibraryVerticle.administered(library);
  }

  private static MemberStore.Numbers withRoom(MemberStore.Numbers numbers) {
    if (numbers.members() >= Member.MOST) {
      throw new Refusal(
          Code.E_INVALID_REQUEST, "A library has at most " + Member.MOST + " members.");
    }
    return numbers;
  }

  private static Future<Member> found(SqlClient sql, UUID library, UUID user) {
    return MemberStore.find(sql, library, user)
        .map(
            member ->
                member.orElseThrow(
                    () ->
                        new Refusal(
                            Code.E_USER_NOT_FOUND, "There is no such member in this library.")));
  }

  /** A library keeps an administrator, and its owner is one. */
  private static Future<Void> spared(SqlClient sql, UUID library, Member member) {
    if (member.role() != Role.ADMIN) {
      return Future.succeededFuture();
    }
    return MemberStore.count(sql, library)
        .map(
            numbers -> {
              if (numbers.admins() == 1) {
                throw new Refusal(
                    Code.E_LAST_ADMIN_FORBIDDEN,
                    "A library needs an administrator. Make somebody else one first.");
              }
              if (member.isOwner()) {
                throw new Refusal(
                    Code.E_FORBIDDEN, "A library's owner stays one of its administrators.");
              }
              return null;
            });
  }
}
