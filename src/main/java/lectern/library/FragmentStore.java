package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import lectern.library.Fragment.Heading;
import lectern.library.document.Block;
import lectern.library.document.CanonicalText;

/** Fragments and their blocks in SQL. */
final class FragmentStore {
  private FragmentStore() {}

  private static final String LIST =
      """
      select id, media_id, idx, title, html_sanitized, canonical_text, created_at
      from fragment
      where media_id = $1
      order by idx
      """;

  static Future<List<Fragment>> list(SqlClient sql, UUID media) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(media))
        .map(rows -> mapped(rows, FragmentStore::fragment));
  }

  private static final String OUTLINE =
      """
      select f.id, b.block_type, b.start_offset,
        rtrim(substring(
          f.canonical_text from b.start_offset + 1 for least(b.end_offset - b.start_offset, 200)),
          E'\\n') as heading
      from fragment f
      join fragment_block b on b.fragment_id = f.id
      where f.media_id = $1 and b.block_type like 'heading%'
      order by f.idx, b.block_idx
      limit 2000
      """;

  static Future<List<Heading>> outline(SqlClient sql, UUID media) {
    return sql.preparedQuery(OUTLINE)
        .execute(Tuple.of(media))
        .map(rows -> mapped(rows, FragmentStore::heading));
  }

  private static final String INSERT =
      """
      with made as (
        insert into fragment (media_id, idx, html_sanitized, canonical_text)
        values ($1, $2, $3, $4)
        returning id
      )
      insert into fragment_block (fragment_id, block_idx, start_offset, end_offset, block_type)
      select made.id, b.nr - 1, b.start_offset, b.end_offset, b.block_type
      from made, unnest($5::int[], $6::int[], $7::text[])
        with ordinality as b (start_offset, end_offset, block_type, nr)
      """;

  /** Stores a fragment and all its blocks as one statement. */
  static Future<Void> insert(SqlClient sql, UUID media, int idx, CanonicalText text) {
    List<Block> blocks = text.blocks();
    return sql.preparedQuery(INSERT)
        .execute(
            Tuple.of(
                    media,
                    idx,
                    text.html(),
                    text.text(),
                    blocks.stream().map(Block::start).toArray(Integer[]::new),
                    blocks.stream().map(Block::end).toArray(Integer[]::new))
                .addValue(blocks.stream().map(b -> b.type().stored()).toArray(String[]::new)))
        .mapEmpty();
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
        row.getString("html_sanitized"),
        row.getString("canonical_text"),
        row.getOffsetDateTime("created_at"));
  }

  private static Heading heading(Row row) {
    String type = row.getString("block_type");
    return new Heading(
        row.getUUID("id"),
        Integer.parseInt(type.substring(type.length() - 1)),
        row.getInteger("start_offset"),
        row.getString("heading"));
  }
}
