package lectern.library;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who belongs to a library, in SQL. */
final class MemberStore {
  private MemberStore() {}

  private static final String MEMBERS =
      """
      select m.user_id, u.email, u.name, m.role, l.owner_user_id = m.user_id as is_owner, m.created_at
      from membership m
      join library l on l.id = m.library_id
      join users u on u.id = m.user_id
      where m.library_id = $1
      """;

  private static final String LIST = MEMBERS + "order by m.created_at, m.user_id";

  static Future<List<Member>> list(SqlClient sql, UUID library) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(library))
        .map(
            rows -> {
              List<Member> members = new ArrayList<>();
              rows.forEach(row -> members.add(member(row)));
              return members;
            });
  }

  private static final String FIND = MEMBERS + "and m.user_id = $2";

  static Future<Optional<Member>> find(SqlClient sql, UUID library, UUID user) {
    return sql.preparedQuery(FIND)
        .execute(Tuple.of(library, user))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(member(rows.iterator().next())));
  }

  private static final String COUNT =
      """
      select count(*)::int as members, (count(*) filter (where role = 'admin'))::int as admins
      from membership
      where library_id = $1
      """;

  static Future<Numbers> count(SqlClient sql, UUID library) {
    return sql.preparedQuery(COUNT)
        .execute(Tuple.of(library))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Numbers(row.getInteger("members"), row.getInteger("admins"));
            });
  }

  record Numbers(int members, int admins) {}

  /** What the library holds already is kept for the newcomer as if they had been there. */
  private static final String INSERT =
      """
      with joined as (
        insert into membership (library_id, user_id, role) values ($1, $2, $3)
        returning library_id, user_id
      )
      insert into library_media (library_id, media_id, via_library_id)
      select d.id, lm.media_id, joined.library_id
      from joined
      join library d on d.owner_user_id = joined.user_id and d.is_default
      join library_media lm on lm.library_id = joined.library_id
      order by 2
      on conflict do nothing
      """;

  static Future<Void> insert(SqlClient sql, UUID library, UUID user, Role role) {
    return sql.preparedQuery(INSERT).execute(Tuple.of(library, user, role.word())).mapEmpty();
  }

  private static final String MARK_ROLE =
      "update membership set role = $3 where library_id = $1 and user_id = $2";

  static Future<Void> markRole(SqlClient sql, UUID library, UUID user, Role role) {
    return sql.preparedQuery(MARK_ROLE).execute(Tuple.of(library, user, role.word())).mapEmpty();
  }

  /**
   * What came into the default library by way of this one goes with the membership, unless another
   * library of the user's holds it, which then is the way it came by.
   */
  private static final String DELETE =
      """
      with gone as (
        delete from membership where library_id = $1 and user_id = $2
        returning library_id, user_id
      ), came_by as (
        select d.id as library_id, lm.media_id, (
          select o.library_id
          from library_media o
          join membership m on m.library_id = o.library_id and m.user_id = gone.user_id
          where o.media_id = lm.media_id and o.library_id not in (d.id, gone.library_id)
          order by o.created_at, o.library_id
          limit 1) as other
        from gone
        join library d on d.owner_user_id = gone.user_id and d.is_default
        join library_media lm on lm.library_id = d.id and lm.via_library_id = gone.library_id
      ), kept as (
        update library_media lm set via_library_id = c.other
        from came_by c
        where lm.library_id = c.library_id and lm.media_id = c.media_id and c.other is not null
      )
      delete from library_media lm
      using came_by c
      where lm.library_id = c.library_id and lm.media_id = c.media_id and c.other is null
      """;

  static Future<Void> delete(SqlClient sql, UUID library, UUID user) {
    return sql.preparedQuery(DELETE).execute(Tuple.of(library, user)).mapEmpty();
  }

  private static Member member(Row row) {
    return new Member(
        row.getUUID("user_id"),
        row.getString("email"),
        row.getString("name"),
        Role.of(row.getString("role")),
        row.getBoolean("is_owner"),
        row.getOffsetDateTime("created_at"));
  }
}
