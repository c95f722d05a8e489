package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Cursor;
import lectern.library.Media.Listing;
import org.jspecify.annotations.Nullable;

/** Media and reading positions in SQL, as far as the viewer can read them. */
final class MediaStore {
  private MediaStore() {}

  private static final String COLUMNS =
      """
      m.id, m.kind, m.title, m.author, m.language, m.canonical_source_url, m.processing_status,
      m.processing_stage, m.processing_percent, m.failure_stage, m.last_error_code,
      m.last_error_message, m.has_plain_text, m.created_at, m.updated_at, p.last_opened_at,
      exists (select 1 from media_file f where f.media_id = m.id) as has_file
      """;

  private static final String FIND =
      "select "
          + COLUMNS
          + """
          from media m
          left join reading_position p on p.media_id = m.id and p.user_id = $1
          where m.id = $2 and can_read_media($1, m.id)
          """;

  static Future<Media> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(viewer, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw notFound();
              }
              return media(rows.iterator().next());
            });
  }

  /**
   * The sort key is text for every order, so that one cursor serves all three: times are written
   * with fixed width in UTC, where text order is time order.
   */
  private static String listing(String key, String direction) {
    String order = direction.equals("desc") ? "<" : ">";
    return """
    with readable as (
      select lm.media_id, max(lm.created_at) as added_at
      from library_media lm
      join membership b on b.library_id = lm.library_id and b.user_id = $1
      where $2::uuid is null or lm.library_id = $2
      group by lm.media_id
    ), keyed as (
      select %1$s as sort_key, %2$s
      from readable r
      join media m on m.id = r.media_id
      left join reading_position p on p.media_id = m.id and p.user_id = $1
      where $6::text is null or m.kind = $6
    )
    select * from keyed
    where $3::text is null or (sort_key, id) %4$s ($3, $4::uuid)
    order by sort_key %3$s, id %3$s
    limit $5
    """
        .formatted(key, COLUMNS, direction, order);
  }

  private static String time(String expression) {
    return "to_char("
        + expression
        + " at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') collate \"C\"";
  }

  private static final String LIST_ADDED = listing(time("r.added_at"), "desc");
  private static final String LIST_OPENED =
      listing(time("coalesce(p.last_opened_at, 'epoch'::timestamptz)"), "desc");
  private static final String LIST_TITLE = listing("lower(m.title)", "asc");

  static Future<Listing> list(SqlClient sql, Media.ListOwn list) {
    String query =
        switch (list.sort()) {
          case ADDED -> LIST_ADDED;
          case OPENED -> LIST_OPENED;
          case TITLE -> LIST_TITLE;
        };
    Cursor after = list.cursor() == null ? null : Cursor.read(list.cursor(), 2);
    Tuple parameters =
        Tuple.of(
            list.viewer(),
            list.libraryId(),
            after == null ? null : after.text(0),
            after == null ? null : after.id(1),
            list.limit() + 1,
            list.kind());
    return sql.preparedQuery(query).execute(parameters).map(rows -> page(rows, list.limit()));
  }

  private static Listing page(Iterable<Row> rows, int limit) {
    List<Media> media = new ArrayList<>();
    String next = null;
    Row last = null;
    for (Row row : rows) {
      if (media.size() == limit && last != null) {
        next = Cursor.of(last.getString("sort_key"), last.getUUID("id"));
        break;
      }
      media.add(media(row));
      last = row;
    }
    return new Listing(media, next);
  }

  private static final String READABLE =
      "select media_id, readable from can_read_media_bulk($1, $2)";

  /** Each id with its answer; asks nothing when there is nothing to ask. */
  static Future<Map<UUID, Boolean>> readable(SqlClient sql, UUID viewer, List<UUID> ids) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return sql.preparedQuery(READABLE)
        .execute(Tuple.tuple().addUUID(viewer).addArrayOfUUID(ids.toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<UUID, Boolean> readable = new HashMap<>();
              rows.forEach(row -> readable.put(row.getUUID(0), row.getBoolean(1)));
              return readable;
            });
  }

  private static final String LIBRARIES_OF_OWN =
      """
      delete from library_media lm
      using library l
      where lm.media_id = $2 and l.id = lm.library_id and l.owner_user_id = $1
      """;

  /** Takes a document out of every library the viewer owns. */
  static Future<Void> letGo(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(LIBRARIES_OF_OWN).execute(Tuple.of(viewer, id)).mapEmpty();
  }

  private static final String DELETE_UNHELD =
      """
      delete from media m
      where m.id = $1 and not exists (select 1 from library_media lm where lm.media_id = m.id)
      """;

  /** Deletes a document, and all that hangs off it, when no library holds it any more. */
  static Future<Void> deleteUnheld(SqlClient sql, UUID id) {
    return sql.preparedQuery(DELETE_UNHELD).execute(Tuple.of(id)).mapEmpty();
  }

  private static final String FIND_POSITION =
      """
      select media_id, fragment_id, text_offset, last_opened_at
      from reading_position
      where user_id = $1 and media_id = $2
      """;

  static Future<@Nullable Position> findPosition(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND_POSITION)
        .execute(Tuple.of(viewer, id))
        .map(rows -> rows.size() == 0 ? null : position(rows.iterator().next()));
  }

  private static final String PUT_POSITION =
      """
      insert into reading_position (user_id, media_id, fragment_id, text_offset)
      select $1, f.media_id, f.id, least($4::int, char_length(f.canonical_text))
      from fragment f
      where f.id = $3 and f.media_id = $2 and can_read_media($1, f.media_id)
      on conflict (user_id, media_id) do update
      set fragment_id = excluded.fragment_id, text_offset = excluded.text_offset,
        last_opened_at = now()
      returning media_id, fragment_id, text_offset, last_opened_at
      """;

  /** Stores a position, no further than the end of its fragment. */
  static Future<Position> putPosition(
      SqlClient sql, UUID viewer, UUID id, UUID fragment, int offset) {
    return sql.preparedQuery(PUT_POSITION)
        .execute(Tuple.of(viewer, id, fragment, offset))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw notFound();
              }
              return position(rows.iterator().next());
            });
  }

  static Refusal notFound() {
    return new Refusal(Code.E_MEDIA_NOT_FOUND, "There is no such document.");
  }

  private static Position position(Row row) {
    return new Position(
        row.getUUID("media_id"),
        row.getUUID("fragment_id"),
        row.getInteger("text_offset"),
        row.getOffsetDateTime("last_opened_at"));
  }

  private static Media media(Row row) {
    String kind = row.getString("kind");
    String status = row.getString("processing_status");
    String error = row.getString("last_error_code");
    Capabilities capabilities =
        Capabilities.of(
            kind,
            status,
            error == null ? "" : error,
            row.getBoolean("has_file"),
            false,
            row.getBoolean("has_plain_text"));
    return new Media(
        row.getUUID("id"),
        kind,
        row.getString("title"),
        row.getString("author"),
        row.getString("language"),
        row.getString("canonical_source_url"),
        status,
        row.getString("processing_stage"),
        row.getInteger("processing_percent"),
        row.getString("failure_stage"),
        error,
        row.getString("last_error_message"),
        capabilities,
        row.getOffsetDateTime("last_opened_at"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("updated_at"));
  }
}
