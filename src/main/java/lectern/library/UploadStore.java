package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Originals in SQL. A media row without a {@code media_file} row is an upload that is not complete:
 * no library holds it, nobody reads it, ingestion passes it by.
 */
final class UploadStore {
  private UploadStore() {}

  private static final String INSERT_MEDIA =
      """
      insert into media (kind, title, created_by_user_id)
      values ($1, $2, $3)
      returning id
      """;

  static Future<UUID> insertMedia(SqlClient sql, UUID viewer, String kind, String title) {
    return sql.preparedQuery(INSERT_MEDIA)
        .execute(Tuple.of(kind, title, viewer))
        .map(rows -> rows.iterator().next().getUUID("id"));
  }

  private static final String INSERT_CHUNK =
      "insert into media_file_chunk (media_id, idx, bytes) values ($1, $2, $3)";

  static Future<Void> insertChunk(SqlClient sql, UUID media, int idx, byte[] bytes) {
    return sql.preparedQuery(INSERT_CHUNK)
        .execute(Tuple.of(media, idx, Buffer.buffer(bytes)))
        .mapEmpty();
  }

  private static final String FIND_SAME =
      """
      select m.id
      from media m
      join media_file f on f.media_id = m.id
      where m.created_by_user_id = $1 and m.kind = $2 and m.file_sha256 = $3
      """;

  /** The document the viewer made of the same bytes before; null when there is none. */
  static Future<@Nullable UUID> findSame(SqlClient sql, UUID viewer, String kind, String sha256) {
    return sql.preparedQuery(FIND_SAME)
        .execute(Tuple.of(viewer, kind, sha256))
        .map(
            rows -> {
              Row row = rows.size() == 0 ? null : rows.iterator().next();
              return row == null ? null : row.getUUID("id");
            });
  }

  private static final String COMPLETE =
      """
      with hashed as (
        update media set file_sha256 = $2, kind = $6, updated_at = now() where id = $1
        returning id
      )
      insert into media_file (media_id, filename, content_type, size_bytes)
      select id, $3, $4, $5 from hashed
      """;

  /** From here on the upload is a document. */
  static Future<Void> complete(
      SqlClient sql, UUID media, String sha256, Original original, long size) {
    return sql.preparedQuery(COMPLETE)
        .execute(
            Tuple.of(
                media,
                sha256,
                original.filename(),
                original.format().contentType(),
                size,
                original.kind()))
        .mapEmpty();
  }

  static Future<Void> delete(SqlClient sql, UUID media) {
    return sql.preparedQuery("delete from media where id = $1").execute(Tuple.of(media)).mapEmpty();
  }

  private static final String DELETE_ABANDONED =
      """
      delete from media m
      where m.processing_status = 'pending' and m.created_at < now() - interval '1 hour'
        and m.requested_url is null
        and not exists (select 1 from media_file f where f.media_id = m.id)
        and not exists (select 1 from library_media lm where lm.media_id = m.id)
      """;

  /** Deletes what uploads left behind whose node died. */
  static Future<Integer> deleteAbandoned(SqlClient sql) {
    return sql.query(DELETE_ABANDONED).execute().map(rows -> rows.rowCount());
  }

  private static final String FIND_FILE =
      """
      select f.media_id, f.filename, f.content_type, f.size_bytes,
        coalesce(m.file_sha256, m.id::text) as version
      from media_file f
      join media m on m.id = f.media_id
      where f.media_id = $2 and can_read_media($1, f.media_id)
      """;

  /** The original of a document the viewer can read. */
  static Future<StoredFile> findFile(SqlClient sql, UUID viewer, UUID media) {
    return sql.preparedQuery(FIND_FILE)
        .execute(Tuple.of(viewer, media))
        .map(rows -> file(only(rows)));
  }

  private static final String FIND_CHUNK =
      """
      select bytes
      from media_file_chunk
      where media_id = $2 and idx = $3 and can_read_media($1, $2)
      """;

  static Future<StoredFile.Chunk> findChunk(SqlClient sql, UUID viewer, UUID media, int idx) {
    return sql.preparedQuery(FIND_CHUNK)
        .execute(Tuple.of(viewer, media, idx))
        .map(rows -> new StoredFile.Chunk(only(rows).getBuffer("bytes").getBytes()));
  }

  private static Row only(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new Refusal(Code.E_MEDIA_NOT_FOUND, "There is no such file.");
    }
    return rows.iterator().next();
  }

  private static StoredFile file(Row row) {
    return new StoredFile(
        row.getUUID("media_id"),
        row.getString("filename"),
        row.getString("content_type"),
        row.getLong("size_bytes"),
        row.getString("version"));
  }

  /** Chunks of an original that one query reads. */
  static final int CHUNKS_AT_ONCE = 16;

  private static final String LIST_CHUNKS =
      """
      select bytes
      from media_file_chunk
      where media_id = $1 and idx >= $2 and idx < $3
      order by idx
      """;

  /** The next {@value #CHUNKS_AT_ONCE} chunks of an original; none after its end. */
  static Future<List<Buffer>> readChunks(SqlClient sql, UUID media, int from) {
    return sql.preparedQuery(LIST_CHUNKS)
        .execute(Tuple.of(media, from, from + CHUNKS_AT_ONCE))
        .map(
            rows -> {
              List<Buffer> chunks = new ArrayList<>();
              rows.forEach(row -> chunks.add(row.getBuffer("bytes")));
              return chunks;
            });
  }
}
