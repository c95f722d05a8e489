package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Cursor;
import lectern.library.Fragment.Entry;
import lectern.library.Fragment.Listing;
import lectern.library.document.Block;
import lectern.library.document.OutlineEntry;
import lectern.library.document.Part;
import lectern.library.document.pdf.PageLayout;
import org.jspecify.annotations.Nullable;

/** Fragments, their blocks, and tables of contents in SQL. */
final class FragmentStore {
  private FragmentStore() {}

  /** The text of one page of fragments, in code points; a single longer fragment is a page. */
  static final int PAGE_LENGTH = 500_000;

  /** The text inserted by one statement, in UTF-16 units; a single longer part is a statement. */
  private static final int BATCH_LENGTH = 1_000_000;

  /** The parts inserted by one statement. */
  private static final int BATCH_PARTS = 500;

  private static final String LIST =
      """
      select f.id, f.media_id, f.idx, f.title, f.text_length, f.created_at, f.fits,
        case when $4 and f.fits then g.html_sanitized else '' end as html_sanitized,
        case when $4 and f.fits then g.canonical_text else '' end as canonical_text
      from (
        select id, media_id, idx, title, text_length, created_at,
          not $4 or sum(text_length) over (order by idx) - text_length < $5 as fits
        from fragment
        where media_id = $1 and idx > $2
        order by idx
        limit $3
      ) f
      join fragment g on g.id = f.id
      order by f.idx
      """;

  /** A page of a document's fragments. */
  static Future<Listing> list(
      SqlClient sql, UUID media, int limit, @Nullable String cursor, boolean content) {
    int after = cursor == null ? -1 : Cursor.read(cursor, 2).number(0);
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(media, after, limit + 1, content, PAGE_LENGTH))
        .map(rows -> page(rows, limit));
  }

  private static Listing page(Iterable<Row> rows, int limit) {
    List<Fragment> page = new ArrayList<>();
    for (Row row : rows) {
      if (page.size() == limit || !row.getBoolean("fits")) {
        Fragment last = page.getLast();
        return new Listing(page, Cursor.of(last.idx(), last.id()));
      }
      page.add(fragment(row));
    }
    return new Listing(page, null);
  }

  private static final String FIND =
      """
      select id, media_id, idx, title, text_length, html_sanitized, canonical_text, created_at
      from fragment
      where id = $2 and can_read_media($1, media_id)
      """;

  static Future<Fragment> find(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(viewer, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new Refusal(Code.E_MEDIA_NOT_FOUND, "There is no such text.");
              }
              return fragment(rows.iterator().next());
            });
  }

  private static final String OUTLINE =
      """
      select o.title, o.level, o.fragment_id, f.idx as fragment_idx, o.text_offset
      from outline_entry o
      join fragment f on f.id = o.fragment_id
      where o.media_id = $1
      order by o.idx
      """;

  static Future<List<Entry>> outline(SqlClient sql, UUID media) {
    return sql.preparedQuery(OUTLINE)
        .execute(Tuple.of(media))
        .map(rows -> mapped(rows, FragmentStore::entry));
  }

  private static final String INSERT =
      """
      with made as (
        insert into fragment (media_id, idx, title, html_sanitized, canonical_text, text_length)
        select $1, p.idx, p.title, p.html, p.text, p.length
        from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::int[])
          as p (idx, title, html, text, length)
        returning id, idx
      )
      insert into fragment_block (fragment_id, block_idx, start_offset, end_offset, block_type)
      select made.id, b.block_idx, b.start_offset, b.end_offset, b.block_type
      from unnest($7::int[], $8::int[], $9::int[], $10::int[], $11::text[])
        as b (idx, block_idx, start_offset, end_offset, block_type)
      join made on made.idx = b.idx
      """;

  /** Stores a document's parts with all their blocks, a statement for many parts. */
  static Future<Void> insert(SqlClient sql, UUID media, List<Part> parts) {
    return insert(sql, media, parts, 0);
  }

  private static Future<Void> insert(SqlClient sql, UUID media, List<Part> parts, int from) {
    if (from == parts.size()) {
      return Future.succeededFuture();
    }
    int to = from;
    long length = 0;
    while (to < parts.size() && to - from < BATCH_PARTS && length < BATCH_LENGTH) {
      length += parts.get(to++).text().text().length();
    }
    int end = to;
    return sql.preparedQuery(INSERT)
        .execute(batch(media, parts.subList(from, end), from))
        .compose(done -> insertLayouts(sql, media, parts.subList(from, end), from))
        .compose(done -> insert(sql, media, parts, end));
  }

  private static Tuple batch(UUID media, List<Part> parts, int from) {
    int count = parts.size();
    Integer[] idx = new Integer[count];
    Integer[] lengths = new Integer[count];
    List<Integer> owners = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      idx[i] = from + i;
      lengths[i] = parts.get(i).text().length();
      for (Block block : parts.get(i).text().blocks()) {
        numbers.add(!owners.isEmpty() && owners.getLast() == from + i ? numbers.getLast() + 1 : 0);
        owners.add(from + i);
        blocks.add(block);
      }
    }
    return Tuple.tuple()
        .addUUID(media)
        .addArrayOfInteger(idx)
        .addArrayOfString(parts.stream().map(Part::title).toArray(String[]::new))
        .addArrayOfString(parts.stream().map(part -> part.text().html()).toArray(String[]::new))
        .addArrayOfString(parts.stream().map(part -> part.text().text()).toArray(String[]::new))
        .addArrayOfInteger(lengths)
        .addArrayOfInteger(owners.toArray(Integer[]::new))
        .addArrayOfInteger(numbers.toArray(Integer[]::new))
        .addArrayOfInteger(blocks.stream().map(Block::start).toArray(Integer[]::new))
        .addArrayOfInteger(blocks.stream().map(Block::end).toArray(Integer[]::new))
        .addArrayOfString(blocks.stream().map(b -> b.type().stored()).toArray(String[]::new));
  }

  private static final String INSERT_LAYOUTS =
      """
      insert into fragment_layout (fragment_id, width, height, glyphs)
      select f.id, l.width, l.height, l.glyphs
      from unnest($2::int[], $3::real[], $4::real[], $5::bytea[]) as l (idx, width, height, glyphs)
      join fragment f on f.media_id = $1 and f.idx = l.idx
      """;

  /** Stores where the letters of pages stand. */
  private static Future<Void> insertLayouts(SqlClient sql, UUID media, List<Part> parts, int from) {
    List<Integer> idx = new ArrayList<>();
    List<Float> widths = new ArrayList<>();
    List<Float> heights = new ArrayList<>();
    List<Buffer> glyphs = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      PageLayout layout = parts.get(i).layout();
      if (layout != null) {
        idx.add(from + i);
        widths.add(layout.width());
        heights.add(layout.height());
        glyphs.add(Buffer.buffer(layout.packed()));
      }
    }
    if (idx.isEmpty()) {
      return Future.succeededFuture();
    }
    return sql.preparedQuery(INSERT_LAYOUTS)
        .execute(
            Tuple.tuple()
                .addUUID(media)
                .addArrayOfInteger(idx.toArray(Integer[]::new))
                .addArrayOfFloat(widths.toArray(Float[]::new))
                .addArrayOfFloat(heights.toArray(Float[]::new))
                .addArrayOfBuffer(glyphs.toArray(Buffer[]::new)))
        .mapEmpty();
  }

  private static final String INSERT_OUTLINE =
      """
      insert into outline_entry (media_id, idx, title, level, fragment_id, text_offset)
      select $1, o.nr - 1, o.title, o.level, f.id, least(o.text_offset, f.text_length)
      from unnest($2::text[], $3::int[], $4::int[], $5::int[])
        with ordinality as o (title, level, part, text_offset, nr)
      join fragment f on f.media_id = $1 and f.idx = o.part
      """;

  /** Stores the table of contents of a document whose parts are stored. */
  static Future<Void> insertOutline(SqlClient sql, UUID media, List<OutlineEntry> outline) {
    if (outline.isEmpty()) {
      return Future.succeededFuture();
    }
    return sql.preparedQuery(INSERT_OUTLINE)
        .execute(
            Tuple.tuple()
                .addUUID(media)
                .addArrayOfString(outline.stream().map(OutlineEntry::title).toArray(String[]::new))
                .addArrayOfInteger(numbers(outline, OutlineEntry::level))
                .addArrayOfInteger(numbers(outline, OutlineEntry::part))
                .addArrayOfInteger(numbers(outline, OutlineEntry::offset)))
        .mapEmpty();
  }

  private static Integer[] numbers(
      List<OutlineEntry> outline, Function<OutlineEntry, Integer> number) {
    return outline.stream().map(number).toArray(Integer[]::new);
  }

  private static <T> List<T> mapped(Iterable<Row> rows, Function<Row, T> mapper) {
    List<T> list = new ArrayList<>();
    rows.forEach(row -> list.add(mapper.apply(row)));
    return list;
  }

  private static Fragment fragment(Row row) {
    return new Fragment(
        row.getUUID("id"),
        row.getUUID("media_id"),
        row.getInteger("idx"),
        row.getString("title"),
        row.getInteger("text_length"),
        row.getString("html_sanitized"),
        row.getString("canonical_text"),
        row.getOffsetDateTime("created_at"));
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getString("title"),
        row.getInteger("level"),
        row.getUUID("fragment_id"),
        row.getInteger("fragment_idx"),
        row.getInteger("text_offset"));
  }
}
