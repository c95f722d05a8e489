package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The ledger of answers that were begun. */
final class GenerationStore {
  /** Answers that nobody writes any more, ended in one statement. */
  static final int ORPHANS_AT_ONCE = 100;

  private GenerationStore() {}

  /** Ends the answers that are listed as {@code orphan}; $2 is the version of prompts. */
  private static final String FINALISE =
      """
      , claimed as (
        update generation g
        set fence = g.fence + 1, ended_at = now(), spent_tokens = 0
        from orphan
        where g.message_id = orphan.message_id
        returning g.message_id, g.key_mode_requested, g.key_mode_used
      ), answer as (
        update message m
        set status = 'error', error_code = 'E_ORPHANED_PENDING', finish_reason = 'error',
          updated_at = now()
        from claimed
        where m.id = claimed.message_id and m.status = 'pending'
        returning m.id, m.model_id
      ), ledger as (
        insert into message_llm (
          message_id, provider, model_name, key_mode_requested, key_mode_used, finish_reason,
          error_class, prompt_version)
        select a.id, coalesce(o.provider, ''), coalesce(o.model_name, 'unknown'),
          c.key_mode_requested, c.key_mode_used, 'error', 'E_ORPHANED_PENDING', $2
        from answer a
        join claimed c on c.message_id = a.id
        left join models o on o.id = a.model_id
      )
      select message_id from claimed
      """;

  private static final String FINALISE_ORPHANS =
      """
      with steady as (
        select from node
        where id = $3 and beat_at >= now() - make_interval(secs => $1)
          and steady_since < now() - make_interval(secs => $1)
      ), orphan as (
        select g.message_id
        from generation g
        left join node n on n.id = g.node_id
        where g.ended_at is null and g.node_id <> $3
          and (n.id is null
            or n.beat_at < now() - make_interval(secs => $1) and exists (select from steady))
        order by g.created_at
        limit $4
        for update of g skip locked
      )
      """
          + FINALISE;

  /**
   * Ends some of the answers whose node has not beaten for so many seconds, or has said good-bye.
   * Safe on every node at once: rows are claimed, and the raised fence keeps a late owner out.
   *
   * <p>Silence counts only for a sweeper that itself has beaten without a gap for as long: while
   * the database is away nobody's beat arrives, and answers that are whole wait to be stored. Its
   * own answers it ends itself.
   */
  static Future<List<UUID>> finaliseOrphans(SqlClient sql, UUID sweeper, double silentSeconds) {
    return sql.preparedQuery(FINALISE_ORPHANS)
        .execute(Tuple.of(silentSeconds, Prompts.VERSION, sweeper, ORPHANS_AT_ONCE))
        .map(GenerationStore::messages);
  }

  private static final String FINALISE_STRAYS =
      """
      with orphan as (
        select g.message_id
        from generation g
        where g.ended_at is null and g.owner = $3
          and g.created_at < now() - make_interval(secs => $1) and g.message_id <> all ($4)
        limit $5
        for update of g skip locked
      )
      """
          + FINALISE;

  /**
   * Ends the answers that were opened for an owner who never heard of it, because the connection to
   * the database broke between the writing and the reply.
   *
   * @param growing the answers that the owner knows of
   * @param afterSeconds by when it would have heard
   */
  static Future<List<UUID>> finaliseStrays(
      SqlClient sql, String owner, Collection<UUID> growing, double afterSeconds) {
    UUID[] known = growing.toArray(UUID[]::new);
    return sql.preparedQuery(FINALISE_STRAYS)
        .execute(Tuple.of(afterSeconds, Prompts.VERSION, owner, known, ORPHANS_AT_ONCE))
        .map(GenerationStore::messages);
  }

  private static List<UUID> messages(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID(0)).toList();
  }

  private static final String DELETE_OLD =
      """
      delete from generation
      where message_id in (
        select message_id from generation
        where ended_at < now() - interval '48 hours'
        limit 1000 for update skip locked)
      """;

  /** Forgets what no limit looks at any more, a thousand at a time. */
  static Future<Integer> deleteOld(SqlClient sql) {
    return sql.preparedQuery(DELETE_OLD).execute().map(rows -> rows.rowCount());
  }
}
