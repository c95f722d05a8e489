package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import lectern.library.IngestionStore.Job;
import org.jspecify.annotations.Nullable;

/** What is brought in by its address, in SQL. */
final class WebStore {
  private WebStore() {}

  /** Two articles that turn out to be one meet at this index. */
  static final String SAME_ARTICLE = "media_one_per_canonical_url";

  private static final String INSERT =
      """
      insert into media
        (kind, title, requested_url, canonical_source_url, created_by_user_id)
      values ('web_article', left($2, 255), $1, $2, $3)
      returning id
      """;

  static Future<UUID> insert(SqlClient sql, UUID viewer, String requested, String normal) {
    return sql.preparedQuery(INSERT)
        .execute(Tuple.of(requested, normal, viewer))
        .map(rows -> rows.iterator().next().getUUID("id"));
  }

  private static final String FIND_KNOWN =
      """
      select id, can_read_media($1, id) as readable
      from media
      where kind = 'web_article' and canonical_url = $2
      union all
      (select id, true
      from media
      where created_by_user_id = $1 and canonical_source_url = $2
        and processing_status in ('pending', 'extracting')
        and can_read_media($1, id)
      limit 1)
      limit 1
      """;

  /** The article that is kept under this address, or the viewer's own on its way there. */
  static Future<@Nullable Known> findKnown(SqlClient sql, UUID viewer, String normal) {
    return sql.preparedQuery(FIND_KNOWN)
        .execute(Tuple.of(viewer, normal))
        .map(
            rows -> {
              Row row = rows.size() == 0 ? null : rows.iterator().next();
              return row == null ? null : new Known(row.getUUID("id"), row.getBoolean("readable"));
            });
  }

  /** An article that is there, and whether the viewer could see it before. */
  record Known(UUID id, boolean readable) {}

  private static final String LOCK_SAME =
      """
      select id
      from media
      where kind = 'web_article' and canonical_url = $1
      for key share
      """;

  /** The article that is kept under this address, held until the transaction ends. */
  static Future<@Nullable UUID> lockSame(SqlClient sql, String canonical) {
    return sql.preparedQuery(LOCK_SAME).execute(Tuple.of(canonical)).map(WebStore::id);
  }

  private static final String MERGE =
      """
      with owned as (
        select id
        from media
        where id = $1 and processing_status = 'extracting' and processing_attempts = $2
        for update
      ), moved as (
        insert into library_media (library_id, media_id, via_library_id)
        select lm.library_id, $3::uuid, lm.via_library_id
        from library_media lm
        join owned o on o.id = lm.media_id
        order by 1
        on conflict do nothing
      )
      delete from media m using owned o where m.id = o.id
      """;

  /** Puts the document that was there first into the libraries of this one, and deletes this. */
  static Future<Void> merge(SqlClient sql, Job job, UUID first) {
    return sql.preparedQuery(MERGE).execute(Tuple.of(job.media(), job.attempt(), first)).mapEmpty();
  }

  private static final String MARK_CANONICAL =
      """
      update media
      set canonical_url = $3, canonical_source_url = $3
      where id = $1 and processing_attempts = $2
      """;

  /**
   * Keeps the article under this address. What its reader typed is no longer shown: it may lead
   * here by way of something that is only theirs.
   */
  static Future<Void> markCanonical(SqlClient sql, Job job, String canonical) {
    return sql.preparedQuery(MARK_CANONICAL)
        .execute(Tuple.of(job.media(), job.attempt(), canonical))
        .mapEmpty();
  }

  private static final String MARK_FILE =
      """
      update media
      set title = $3, processing_stage = 'reading', processing_percent = null, updated_at = now()
      where id = $1 and processing_status = 'extracting' and processing_attempts = $2
      """;

  /** What was fetched is a file with a name. False when another attempt took over. */
  static Future<Boolean> markFile(SqlClient sql, Job job, String filename) {
    return sql.preparedQuery(MARK_FILE)
        .execute(Tuple.of(job.media(), job.attempt(), filename))
        .map(rows -> rows.rowCount() == 1);
  }

  /** How a document stands that somebody wants tried again. */
  record Standing(String status, int attempts, boolean allowed) {}

  private static final String STANDING =
      """
      select m.processing_status, m.processing_attempts,
        m.created_by_user_id is not distinct from $1 or exists (
          select 1
          from library_media lm
          join membership b on b.library_id = lm.library_id
          where lm.media_id = m.id and b.user_id = $1 and b.role = 'admin') as allowed
      from media m
      where m.id = $2
      for update
      """;

  static Future<Standing> lockStanding(SqlClient sql, UUID viewer, UUID id) {
    return sql.preparedQuery(STANDING)
        .execute(Tuple.of(viewer, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw MediaStore.notFound();
              }
              Row row = rows.iterator().next();
              return new Standing(
                  row.getString("processing_status"),
                  row.getInteger("processing_attempts"),
                  row.getBoolean("allowed"));
            });
  }

  private static final String MARK_PENDING =
      """
      update media
      set processing_status = 'pending', processing_stage = null, processing_percent = null,
        processing_lease_until = null, failure_stage = null, last_error_code = null,
        last_error_message = null, failed_at = null, updated_at = now(),
        processing_attempts_allowed = least(processing_attempts + 3, $2)
      where id = $1
      """;

  static Future<Void> markPending(SqlClient sql, UUID id, int most) {
    return sql.preparedQuery(MARK_PENDING).execute(Tuple.of(id, most)).mapEmpty();
  }

  private static @Nullable UUID id(RowSet<Row> rows) {
    return rows.size() == 0 ? null : rows.iterator().next().getUUID("id");
  }
}
