package lectern.reading;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Constraints;
import lectern.library.document.pdf.PageLayout;
import lectern.reading.Annotation.Written;
import org.jspecify.annotations.Nullable;

/** Highlights and annotations in SQL. Only their author finds them, in what they can read. */
final class ReadingStore {
  private ReadingStore() {}

  private static final Constraints REFUSALS =
      Constraints.of(
          Map.of(
              "highlight_span_unique",
              new Refusal(Code.E_HIGHLIGHT_CONFLICT, "You have marked just this passage before."),
              "highlight_fragment_id_fkey",
              notFound(),
              "annotation_highlight_id_fkey",
              notFound()));

  private static final String COLUMNS =
      """
      select h.id, h.fragment_id, h.start_offset, h.end_offset, h.color, h.exact, h.prefix,
        h.suffix, h.quads, h.created_at, h.updated_at, a.id as annotation_id, a.body,
        a.created_at as annotation_created_at, a.updated_at as annotation_updated_at
      from highlight h
      join fragment f on f.id = h.fragment_id
      left join annotation a on a.highlight_id = h.id
      """;

  private static final String FIND =
      COLUMNS + "where h.id = $2 and h.user_id = $1 and can_read_media($1, f.media_id)";

  static Future<Highlight> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND).execute(Tuple.of(viewer, id)).map(ReadingStore::one);
  }

  static Future<Highlight> findLocked(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND + " for update of h")
        .execute(Tuple.of(viewer, id))
        .map(ReadingStore::one);
  }

  /** Readable, or E_MEDIA_NOT_FOUND, and the highlights: an empty list alone cannot tell. */
  private static final String LIST_IN_FRAGMENT =
      COLUMNS
          + """
          where h.fragment_id = $2 and h.user_id = $1
          order by h.start_offset, h.created_at, h.id
          """;

  private static final String SEES_FRAGMENT =
      "select 1 from fragment where id = $2 and can_read_media($1, media_id)";

  static Future<List<Highlight>> listInFragment(SqlClient sql, UUID viewer, UUID fragment) {
    return listSeen(sql, SEES_FRAGMENT, LIST_IN_FRAGMENT, Tuple.of(viewer, fragment));
  }

  private static final String LIST_IN_MEDIA =
      COLUMNS
          + """
          where f.media_id = $2 and h.user_id = $1
          order by f.idx, h.start_offset, h.created_at, h.id
          """;

  private static final String SEES_MEDIA =
      "select 1 from media where id = $2 and can_read_media($1, id)";

  static Future<List<Highlight>> listInMedia(SqlClient sql, UUID viewer, UUID media) {
    return listSeen(sql, SEES_MEDIA, LIST_IN_MEDIA, Tuple.of(viewer, media));
  }

  private static Future<List<Highlight>> listSeen(
      SqlClient sql, String seen, String list, Tuple parameters) {
    return sql.preparedQuery(seen)
        .execute(parameters)
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.failedFuture(notFound())
                    : sql.preparedQuery(list).execute(parameters))
        .map(ReadingStore::all);
  }

  /** Line breaks at either end are between blocks, not in them, and are left out. */
  private static final String FIND_PASSAGE =
      """
      with given as (
        select f.id, m.processing_status, f.canonical_text as body,
          char_length(f.canonical_text) as length,
          least($3::int, char_length(f.canonical_text)) as s,
          least($4::int, char_length(f.canonical_text)) as e,
          l.width, l.height, l.glyphs
        from fragment f
        join media m on m.id = f.media_id
        left join fragment_layout l on l.fragment_id = f.id
        where f.id = $2 and can_read_media($1, f.media_id)
      ), cut as (
        select given.*, substring(body from s + 1 for e - s) as marked from given
      ), trimmed as (
        select cut.*,
          s + char_length(marked) - char_length(ltrim(marked, E'\\n')) as from_offset,
          e - char_length(marked) + char_length(rtrim(marked, E'\\n')) as to_offset
        from cut
      )
      select id, processing_status, length, from_offset,
        case when $4::int > length then $4::int else to_offset end as to_offset,
        btrim(marked, E'\\n') as exact,
        substring(body from greatest(from_offset - 64, 0) + 1 for least(from_offset, 64)) as prefix,
        substring(body from to_offset + 1 for 64) as suffix, width, height, glyphs
      from trimmed
      """;

  /** The text at these offsets of a fragment the viewer can read. */
  static Future<Passage> findPassage(
      SqlClient sql, UUID viewer, UUID fragment, int start, int end) {
    return sql.preparedQuery(FIND_PASSAGE)
        .execute(Tuple.of(viewer, fragment, start, end))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw notFound();
              }
              return passage(rows.iterator().next());
            });
  }

  private static final String INSERT =
      """
      insert into highlight
        (user_id, fragment_id, start_offset, end_offset, color, exact, prefix, suffix, quads)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      returning id
      """;

  /**
   * @param quads where it is painted; null where the fragment has no layout
   */
  static Future<UUID> insert(
      SqlClient sql,
      UUID viewer,
      Passage passage,
      HighlightColor color,
      @Nullable List<Quad> quads) {
    return REFUSALS.guard(
        sql.preparedQuery(INSERT)
            .execute(
                Tuple.from(
                        List.of(
                            viewer,
                            passage.fragmentId(),
                            passage.start(),
                            passage.end(),
                            color.word(),
                            passage.exact(),
                            passage.prefix(),
                            passage.suffix()))
                    .addArrayOfFloat(Quads.stored(quads)))
            .map(rows -> rows.iterator().next().getUUID("id")));
  }

  private static final String UPDATE =
      """
      update highlight
      set start_offset = $2, end_offset = $3, color = $4, exact = $5, prefix = $6, suffix = $7,
        quads = $8, updated_at = now()
      where id = $1
        and (start_offset, end_offset, color) is distinct from ($2::int, $3::int, $4::text)
      """;

  /** Nothing is written when nothing changes. */
  static Future<Void> update(
      SqlClient sql, UUID id, Passage passage, HighlightColor color, @Nullable List<Quad> quads) {
    return REFUSALS.guard(
        sql.preparedQuery(UPDATE)
            .execute(
                Tuple.from(
                        List.of(
                            id,
                            passage.start(),
                            passage.end(),
                            color.word(),
                            passage.exact(),
                            passage.prefix(),
                            passage.suffix()))
                    .addArrayOfFloat(Quads.stored(quads)))
            .mapEmpty());
  }

  static Future<Void> delete(SqlClient sql, UUID id) {
    return sql.preparedQuery("delete from highlight where id = $1")
        .execute(Tuple.of(id))
        .mapEmpty();
  }

  private static final String PUT_ANNOTATION =
      """
      insert into annotation (highlight_id, body)
      values ($1, $2)
      on conflict (highlight_id) do update set body = excluded.body, updated_at = now()
      returning id as annotation_id, highlight_id as id, body, created_at as annotation_created_at,
        updated_at as annotation_updated_at, xmax = 0 as created
      """;

  static Future<Written> putAnnotation(SqlClient sql, UUID highlight, String body) {
    return REFUSALS.guard(
        sql.preparedQuery(PUT_ANNOTATION)
            .execute(Tuple.of(highlight, body))
            .map(rows -> rows.iterator().next())
            .map(row -> new Written(annotation(row), row.getBoolean("created"))));
  }

  static Future<Void> deleteAnnotation(SqlClient sql, UUID highlight) {
    return sql.preparedQuery("delete from annotation where highlight_id = $1")
        .execute(Tuple.of(highlight))
        .mapEmpty();
  }

  static Refusal notFound() {
    return new Refusal(Code.E_MEDIA_NOT_FOUND, "There is no such passage.");
  }

  private static Highlight one(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw notFound();
    }
    return highlight(rows.iterator().next());
  }

  private static List<Highlight> all(RowSet<Row> rows) {
    List<Highlight> highlights = new ArrayList<>();
    rows.forEach(row -> highlights.add(highlight(row)));
    return highlights;
  }

  private static Highlight highlight(Row row) {
    @Nullable Annotation annotation = row.getUUID("annotation_id") == null ? null : annotation(row);
    return new Highlight(
        row.getUUID("id"),
        row.getUUID("fragment_id"),
        row.getInteger("start_offset"),
        row.getInteger("end_offset"),
        HighlightColor.of(row.getString("color")),
        row.getString("exact"),
        row.getString("prefix"),
        row.getString("suffix"),
        Quads.read(row.getArrayOfFloats("quads")),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("updated_at"),
        annotation);
  }

  private static Annotation annotation(Row row) {
    return new Annotation(
        row.getUUID("annotation_id"),
        row.getUUID("id"),
        row.getString("body"),
        row.getOffsetDateTime("annotation_created_at"),
        row.getOffsetDateTime("annotation_updated_at"));
  }

  private static Passage passage(Row row) {
    return new Passage(
        row.getUUID("id"),
        row.getString("processing_status"),
        row.getInteger("length"),
        row.getInteger("from_offset"),
        row.getInteger("to_offset"),
        row.getString("exact"),
        row.getString("prefix"),
        row.getString("suffix"),
        row.getBuffer("glyphs") == null ? null : layout(row));
  }

  private static final String FIND_LAYOUT =
      """
      select l.width, l.height, l.glyphs
      from fragment f
      left join fragment_layout l on l.fragment_id = f.id
      where f.id = $2 and can_read_media($1, f.media_id)
      """;

  /** Where the letters of a fragment the viewer can read stand; null where that is not known. */
  static Future<@Nullable PageLayout> findLayout(SqlClient sql, UUID viewer, UUID fragment) {
    return sql.preparedQuery(FIND_LAYOUT)
        .execute(Tuple.of(viewer, fragment))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw notFound();
              }
              Row row = rows.iterator().next();
              return row.getBuffer("glyphs") == null ? null : layout(row);
            });
  }

  private static PageLayout layout(Row row) {
    return PageLayout.unpacked(
        row.getFloat("width"), row.getFloat("height"), row.getBuffer("glyphs").getBytes());
  }
}
