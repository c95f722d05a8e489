package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Objects;
import java.util.UUID;
import lectern.library.document.ParsedDocument;
import org.jspecify.annotations.Nullable;

/** The work of ingestion in SQL: claimed with a lease, ended once. */
final class IngestionStore {
  private IngestionStore() {}

  /** Attempts at a document in all, those that readers asked for included. */
  static final int MOST_ATTEMPTS = 12;

  /**
   * A document to be made readable.
   *
   * @param address where it is to be fetched from; null where the original is stored
   * @param filename empty while there is none
   * @param attempt which of its attempts this is; the fence of everything written for it
   */
  record Job(
      UUID media,
      int attempt,
      String title,
      @Nullable String address,
      @Nullable UUID creator,
      String filename,
      String contentType) {

    /** The same work once the original is stored. */
    Job withFile(String name, String type) {
      return new Job(media, attempt, name, null, creator, name, type);
    }
  }

  private static final String CLAIM =
      """
      update media m
      set processing_status = 'extracting',
        processing_stage = case when f.media_id is null then 'fetching' else 'reading' end,
        processing_percent = null, processing_attempts = m.processing_attempts + 1,
        processing_started_at = now(), processing_lease_until = now() + interval '5 minutes',
        failure_stage = null, last_error_code = null, last_error_message = null, failed_at = null,
        updated_at = now()
      from media n
      left join media_file f on f.media_id = n.id
      where n.id = m.id and m.id = (
        select w.id
        from media w
        where w.processing_status in ('pending', 'extracting')
          and (w.processing_lease_until is null or w.processing_lease_until < now())
          and w.processing_attempts < w.processing_attempts_allowed
          and (w.requested_url is not null
            or exists (select 1 from media_file wf where wf.media_id = w.id))
        order by w.created_at
        limit 1
        for update skip locked)
      returning m.id, m.processing_attempts, m.title, m.created_by_user_id, f.filename,
        f.content_type, case when f.media_id is null then m.canonical_source_url end as address
      """;

  /** Takes the oldest document that waits; null when none does. */
  static Future<@Nullable Job> claim(SqlClient sql) {
    return sql.query(CLAIM)
        .execute()
        .map(rows -> rows.size() == 0 ? null : job(rows.iterator().next()));
  }

  private static final String MARK_READY =
      """
      update media
      set processing_status = 'ready_for_reading', processing_stage = null,
        processing_percent = null, processing_lease_until = null,
        processing_completed_at = now(), title = $3, author = coalesce($4, author),
        language = coalesce($5, language), has_plain_text = $6, updated_at = now()
      where id = $1 and processing_status = 'extracting' and processing_attempts = $2
      """;

  /** False when another attempt took over, or the document was deleted. */
  static Future<Boolean> markReady(SqlClient sql, Job job, String title, ParsedDocument parsed) {
    return sql.preparedQuery(MARK_READY)
        .execute(
            Tuple.of(
                job.media(),
                job.attempt(),
                title,
                parsed.author(),
                parsed.language(),
                parsed.hasPlainText()))
        .map(rows -> rows.rowCount() == 1);
  }

  private static final String MARK_REACHED =
      """
      update media
      set processing_percent = $3, updated_at = now()
      where id = $1 and processing_status = 'extracting' and processing_attempts = $2
      """;

  /** Says how much of the document is read, for people. */
  static Future<Void> markReached(SqlClient sql, Job job, int percent) {
    return sql.preparedQuery(MARK_REACHED)
        .execute(Tuple.of(job.media(), job.attempt(), percent))
        .mapEmpty();
  }

  private static final String MARK_STAGE =
      """
      update media
      set processing_stage = $3, processing_percent = $4, updated_at = now()
      where id = $1 and processing_status = 'extracting' and processing_attempts = $2
      """;

  /** Says what is being done, for people. False when the document is somebody else's by now. */
  static Future<Boolean> markStage(SqlClient sql, Job job, String stage, int percent) {
    return sql.preparedQuery(MARK_STAGE)
        .execute(Tuple.of(job.media(), job.attempt(), stage, percent))
        .map(rows -> rows.rowCount() == 1);
  }

  private static final String MARK_FAILED =
      """
      update media
      set processing_status = 'failed', processing_stage = null, processing_percent = null,
        processing_lease_until = null, failure_stage = 'extract', last_error_code = $3,
        last_error_message = left($4, 1000), failed_at = now(), updated_at = now()
      where id = $1 and processing_status = 'extracting' and processing_attempts = $2
      """;

  static Future<Void> markFailed(SqlClient sql, Job job, String code, String sentence) {
    return sql.preparedQuery(MARK_FAILED)
        .execute(Tuple.of(job.media(), job.attempt(), code, sentence))
        .mapEmpty();
  }

  private static final String MARK_EXHAUSTED =
      """
      update media
      set processing_status = 'failed', processing_stage = null, processing_lease_until = null,
        failure_stage = 'extract', last_error_code = 'E_INGEST_FAILED',
        last_error_message = 'This document could not be read, however often it was tried.',
        failed_at = now(), updated_at = now()
      where processing_status = 'extracting' and processing_lease_until < now()
        and processing_attempts >= processing_attempts_allowed
      """;

  /** Gives up documents whose last attempt ended with its node. */
  static Future<Void> markExhausted(SqlClient sql) {
    return sql.query(MARK_EXHAUSTED).execute().mapEmpty();
  }

  private static Job job(Row row) {
    return new Job(
        row.getUUID("id"),
        row.getInteger("processing_attempts"),
        row.getString("title"),
        row.getString("address"),
        row.getUUID("created_by_user_id"),
        Objects.requireNonNullElse(row.getString("filename"), ""),
        Objects.requireNonNullElse(row.getString("content_type"), ""));
  }
}
