package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.Library.Place;

/** Libraries, memberships and places in SQL. Who is no member finds nothing. */
final class LibraryStore {
  private LibraryStore() {}

  private static final String SEEN =
      """
      select l.id, l.name, l.owner_user_id, l.is_default, m.role, l.created_at, l.updated_at,
        (select count(*) from membership x where x.library_id = l.id)::int as member_count,
        (select count(*) from library_media x where x.library_id = l.id)::int as media_count
      from library l
      join membership m on m.library_id = l.id and m.user_id = $1
      """;

  private static final String LIST = SEEN + "order by l.created_at, l.id limit $2";

  static Future<List<Library>> list(SqlClient sql, UUID viewer, int limit) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(viewer, limit))
        .map(
            rows -> {
              List<Library> libraries = new ArrayList<>();
              rows.forEach(row -> libraries.add(library(row)));
              return libraries;
            });
  }

  private static final String FIND = SEEN + "where l.id = $2";

  static Future<Library> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND).execute(Tuple.of(viewer, id)).map(LibraryStore::one);
  }

  /** The library, locked against changes until the transaction ends. */
  static Future<Library> findLocked(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND + " for update of l")
        .execute(Tuple.of(viewer, id))
        .map(LibraryStore::one);
  }

  private static final String INSERT =
      """
      with made as (
        insert into library (owner_user_id, name) values ($1, $2)
        returning id, name, owner_user_id, is_default, created_at, updated_at
      ), belongs as (
        insert into membership (library_id, user_id, role)
        select id, $1, 'admin' from made
        returning role
      )
      select made.*, belongs.role, 1 as member_count, 0 as media_count from made, belongs
      """;

  static Future<Library> insert(SqlClient sql, UUID viewer, String name) {
    return sql.preparedQuery(INSERT).execute(Tuple.of(viewer, name)).map(LibraryStore::one);
  }

  private static final String RENAME =
      "update library set name = $2, updated_at = now() where id = $1";

  static Future<Void> rename(SqlClient sql, UUID id, String name) {
    return sql.preparedQuery(RENAME).execute(Tuple.of(id, name)).mapEmpty();
  }

  static Future<Void> delete(SqlClient sql, UUID id) {
    return sql.preparedQuery("delete from library where id = $1").execute(Tuple.of(id)).mapEmpty();
  }

  private static final String PUT =
      """
      insert into library_media as lm (library_id, media_id, via_library_id)
      select $1::uuid, $2::uuid, null::uuid
      union
      select d.id, $2, $1
      from membership m
      join library d on d.owner_user_id = m.user_id and d.is_default
      where m.library_id = $1 and d.id <> $1
      order by 1
      on conflict (library_id, media_id) do update set via_library_id = null
      where lm.library_id = $1 and lm.via_library_id is not null
      """;

  private static final String FIND_PLACE =
      """
      select library_id, media_id, created_at
      from library_media
      where library_id = $1 and media_id = $2
      """;

  /**
   * Puts a document into a library and, by way of it, into the default library of each of its
   * members.
   */
  static Future<Place> put(SqlClient sql, UUID id, UUID media) {
    return sql.preparedQuery(PUT)
        .execute(Tuple.of(id, media))
        .compose(done -> sql.preparedQuery(FIND_PLACE).execute(Tuple.of(id, media)))
        .map(rows -> place(rows.iterator().next()));
  }

  private static final String TAKE_OUT =
      """
      delete from library_media
      where library_id = $1 and media_id = $2
      returning media_id
      """;

  /** Takes a document out of one library; E_MEDIA_NOT_FOUND when it is not in it. */
  static Future<Void> takeOut(SqlClient sql, UUID id, UUID media) {
    return sql.preparedQuery(TAKE_OUT)
        .execute(Tuple.of(id, media))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw MediaStore.notFound();
              }
              return null;
            });
  }

  private static final String TAKE_OUT_OF_OWN =
      """
      delete from library_media lm
      using library l
      where lm.media_id = $2 and l.id = lm.library_id and l.owner_user_id = $1
        and (select count(*) from membership m where m.library_id = l.id) = 1
      """;

  /** Takes a document out of the libraries that have the viewer as their only member. */
  static Future<Void> takeOutOfOwn(SqlClient sql, UUID viewer, UUID media) {
    return sql.preparedQuery(TAKE_OUT_OF_OWN).execute(Tuple.of(viewer, media)).mapEmpty();
  }

  private static Library one(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new Refusal(Code.E_LIBRARY_NOT_FOUND, "There is no such library.");
    }
    return library(rows.iterator().next());
  }

  private static Library library(Row row) {
    return new Library(
        row.getUUID("id"),
        row.getString("name"),
        row.getUUID("owner_user_id"),
        row.getBoolean("is_default"),
        Role.of(row.getString("role")),
        row.getInteger("member_count"),
        row.getInteger("media_count"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("updated_at"));
  }

  private static Place place(Row row) {
    return new Place(
        row.getUUID("library_id"), row.getUUID("media_id"), row.getOffsetDateTime("created_at"));
  }
}
