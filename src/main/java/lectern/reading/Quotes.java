package lectern.reading;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.library.Capabilities;
import lectern.reading.Quote.Kind;
import lectern.reading.Quote.Target;
import org.jspecify.annotations.Nullable;

/** The passages a question quotes: one query for each kind of target, no whole fragment read. */
public final class Quotes {
  private Quotes() {}

  private static final String FIND_MEDIA =
      """
      select m.id as target_id, m.id as media_id, m.kind, m.title, m.canonical_source_url,
        m.processing_status, m.last_error_code, m.has_plain_text,
        exists (select 1 from media_file x where x.media_id = m.id) as has_file
      from media m
      where m.id = any ($2) and can_read_media($1, m.id)
      """;

  /**
   * The text that comes back reaches at most one cap beyond the passage on either side; which part
   * of it is the window is decided by {@link Window}.
   */
  private static String findMarked(String target, String join, String note) {
    return """
    select %1$s as target_id, m.id as media_id, m.kind, m.title, m.canonical_source_url,
      m.processing_status, m.last_error_code, m.has_plain_text,
      exists (select 1 from media_file x where x.media_id = m.id) as has_file,
      f.id as fragment_id, h.start_offset, h.end_offset, h.exact, %3$s as note,
      char_length(f.canonical_text) as length, coalesce(b.before, t.first) as blocks_start,
      coalesce(b.after, t.last) as blocks_end, s.text_start,
      substring(f.canonical_text from s.text_start + 1
        for h.end_offset + %4$d - s.text_start) as around
    from highlight h
    %2$s
    join fragment f on f.id = h.fragment_id
    join media m on m.id = f.media_id
    cross join lateral (select greatest(h.start_offset - %4$d, 0) as text_start) s
    cross join lateral (
      select min(x.start_offset) as first, max(x.end_offset) as last,
        min(x.block_idx) as first_idx, max(x.block_idx) as last_idx
      from fragment_block x
      where x.fragment_id = f.id and x.start_offset < h.end_offset and x.end_offset > h.start_offset
    ) t
    cross join lateral (
      select
        (select x.start_offset from fragment_block x
         where x.fragment_id = f.id and x.block_idx < t.first_idx and not x.is_empty
         order by x.block_idx desc limit 1) as before,
        (select x.end_offset from fragment_block x
         where x.fragment_id = f.id and x.block_idx > t.last_idx and not x.is_empty
         order by x.block_idx limit 1) as after
    ) b
    where %1$s = any ($2) and h.user_id = $1 and can_read_media($1, m.id)
    """
        .formatted(target, join, note, Window.CAP);
  }

  private static final String FIND_HIGHLIGHTS = findMarked("h.id", "", "null::text");
  private static final String FIND_ANNOTATIONS =
      findMarked("a.id", "join annotation a on a.highlight_id = h.id", "a.body");

  /**
   * What the viewer may quote of these targets, by target. A target that does not exist, cannot be
   * read or, for highlights and annotations, is somebody else's, is not in the map: the asker
   * refuses it.
   */
  public static Future<Map<Target, Quote>> find(
      SqlClient sql, UUID viewer, Collection<Target> targets) {
    Map<Target, Quote> found = new HashMap<>();
    Future<?> done = Future.succeededFuture();
    for (Kind kind : Kind.values()) {
      UUID[] ids =
          targets.stream()
              .filter(target -> target.kind() == kind)
              .map(Target::id)
              .distinct()
              .toArray(UUID[]::new);
      if (ids.length > 0) {
        done =
            done.compose(
                    before ->
                        sql.preparedQuery(query(kind))
                            .execute(Tuple.tuple().addUUID(viewer).addArrayOfUUID(ids)))
                .onSuccess(rows -> rows.forEach(row -> add(found, quote(kind, row))));
      }
    }
    return done.map(found);
  }

  private static void add(Map<Target, Quote> found, Quote quote) {
    found.put(quote.target(), quote);
  }

  private static String query(Kind kind) {
    return switch (kind) {
      case MEDIA -> FIND_MEDIA;
      case HIGHLIGHT -> FIND_HIGHLIGHTS;
      case ANNOTATION -> FIND_ANNOTATIONS;
    };
  }

  private static Quote quote(Kind kind, Row row) {
    boolean passage = kind != Kind.MEDIA;
    Around around = passage ? around(row) : Around.NOTHING;
    return new Quote(
        new Target(kind, row.getUUID("target_id")),
        quotable(row),
        row.getUUID("media_id"),
        row.getString("title"),
        row.getString("canonical_source_url"),
        passage ? row.getUUID("fragment_id") : null,
        passage ? row.getInteger("start_offset") : null,
        passage ? row.getInteger("end_offset") : null,
        passage ? row.getString("exact") : "",
        passage ? row.getString("note") : null,
        around.text(),
        around.start());
  }

  private static boolean quotable(Row row) {
    String error = row.getString("last_error_code");
    return Capabilities.of(
                row.getString("kind"),
                row.getString("processing_status"),
                error == null ? "" : error,
                row.getBoolean("has_file"),
                false,
                row.getBoolean("has_plain_text"))
            .canQuote()
        && Capabilities.isReady(row.getString("processing_status"));
  }

  /** The text around a passage without blanks at its ends, and where it begins. */
  private record Around(String text, @Nullable Integer start) {
    static final Around NOTHING = new Around("", null);
  }

  private static Around around(Row row) {
    Span passage = new Span(row.getInteger("start_offset"), row.getInteger("end_offset"));
    @Nullable Integer first = row.getInteger("blocks_start");
    @Nullable Integer last = row.getInteger("blocks_end");
    Span blocks = first == null || last == null ? null : new Span(first, last);
    Span window = Window.around(passage, blocks, row.getInteger("length"));
    String text = slice(row.getString("around"), row.getInteger("text_start"), window);
    String bare = text.strip();
    if (bare.equals(row.getString("exact").strip())) {
      return Around.NOTHING;
    }
    int blanks = text.length() - text.stripLeading().length();
    return new Around(bare, window.start() + text.codePointCount(0, blanks));
  }

  private static String slice(String text, int textStart, Span span) {
    int from = text.offsetByCodePoints(0, span.start() - textStart);
    return text.substring(from, text.offsetByCodePoints(from, span.length()));
  }

  /** Those of {@code targets} that are not in {@code found}, in their order. */
  public static List<Target> missing(Collection<Target> targets, Map<Target, Quote> found) {
    return targets.stream().filter(target -> !found.containsKey(target)).toList();
  }
}
