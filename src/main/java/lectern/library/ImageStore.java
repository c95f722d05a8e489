package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.document.Picture;

/** The pictures of documents in SQL. */
final class ImageStore {
  private ImageStore() {}

  /** The bytes inserted by one statement; a single larger picture is a statement. */
  private static final int BATCH_BYTES = 4 << 20;

  private static final String FIND =
      """
      select name, content_type, bytes
      from media_image
      where media_id = $2 and name = $3 and can_read_media($1, media_id)
      """;

  static Future<Image> find(SqlClient sql, UUID viewer, UUID media, String name) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(viewer, media, name))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new Refusal(Code.E_MEDIA_NOT_FOUND, "There is no such picture.");
              }
              Row row = rows.iterator().next();
              return new Image(
                  row.getString("name"),
                  row.getString("content_type"),
                  row.getBuffer("bytes").getBytes());
            });
  }

  private static final String INSERT =
      """
      insert into media_image (media_id, name, content_type, width, height, bytes)
      select $1, p.name, p.content_type, p.width, p.height, p.bytes
      from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::bytea[])
        as p (name, content_type, width, height, bytes)
      on conflict (media_id, name) do nothing
      """;

  /** Stores a document's pictures, a statement for many. */
  static Future<Void> insert(SqlClient sql, UUID media, List<Picture> pictures) {
    return insert(sql, media, pictures, 0);
  }

  private static Future<Void> insert(SqlClient sql, UUID media, List<Picture> pictures, int from) {
    if (from == pictures.size()) {
      return Future.succeededFuture();
    }
    int to = from;
    long bytes = 0;
    while (to < pictures.size() && bytes < BATCH_BYTES) {
      bytes += pictures.get(to++).bytes().length;
    }
    int end = to;
    List<Picture> batch = pictures.subList(from, end);
    return sql.preparedQuery(INSERT)
        .execute(
            Tuple.tuple()
                .addUUID(media)
                .addArrayOfString(texts(batch, Picture::name))
                .addArrayOfString(texts(batch, Picture::contentType))
                .addArrayOfInteger(batch.stream().map(Picture::width).toArray(Integer[]::new))
                .addArrayOfInteger(batch.stream().map(Picture::height).toArray(Integer[]::new))
                .addArrayOfBuffer(
                    batch.stream().map(p -> Buffer.buffer(p.bytes())).toArray(Buffer[]::new)))
        .compose(done -> insert(sql, media, pictures, end));
  }

  private static String[] texts(List<Picture> pictures, Function<Picture, String> text) {
    return pictures.stream().map(text).toArray(String[]::new);
  }
}
