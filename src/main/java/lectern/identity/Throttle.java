package lectern.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing down: within a quarter of an hour, ten wrong passwords for one e-mail and fifty
 * from one address, counted in the database for all nodes together.
 *
 * <p>An attempt is counted before the password is looked at and forgotten when it was right, so a
 * burst of guesses sent at once is worth no more than the same guesses in a row. Somebody who keeps
 * guessing can keep the owner of an e-mail from signing in, though not from going on in a session;
 * the other choice is unlimited guessing from many addresses.
 */
final class Throttle {
  static final int PER_EMAIL = 10;
  static final int PER_ADDRESS = 50;

  private static final String ATTEMPT =
      """
      with asked (subject, most) as (
        select * from unnest($1::text[], $2::int[])
      ), full_up as (
        select extract(epoch from min(f.failed_at) + interval '15 minutes' - now()) as seconds
        from asked a
        join sign_in_failure f on f.subject = a.subject and f.failed_at > now() - interval '15 minutes'
        group by a.subject, a.most
        having count(*) >= a.most
      ), counted as (
        insert into sign_in_failure (subject)
        select subject from asked
        where not exists (select from full_up)
        returning id
      )
      select (select array_agg(id) from counted) as counted,
             (select ceil(max(seconds))::int from full_up) as wait
      """;

  private static final String FORGET = "delete from sign_in_failure where id = any($1)";

  private final Pool pool;
  private final SecretKeySpec key;

  /**
   * @param key hides e-mails and addresses in the table, so that it is no list of who tried to come
   *     in
   */
  Throttle(Pool pool, byte[] key) {
    this.pool = pool;
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /** Counts an attempt, or refuses it when there were too many. */
  Future<Attempt> begin(String email, @Nullable String client) {
    List<String> subjects = new ArrayList<>(List.of(hidden("email " + email)));
    List<Integer> most = new ArrayList<>(List.of(PER_EMAIL));
    if (client != null) {
      subjects.add(hidden("address " + client));
      most.add(PER_ADDRESS);
    }
    return pool.preparedQuery(ATTEMPT)
        .execute(asked(subjects, most))
        .map(rows -> attempt(rows.iterator().next()));
  }

  /** Takes an attempt back that turned out right. */
  Future<Void> forget(Attempt attempt) {
    return pool.preparedQuery(FORGET)
        .execute(Tuple.tuple().addArrayOfLong(attempt.ids()))
        .mapEmpty();
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Attempt(Long[] ids) {}

  private static Tuple asked(List<String> subjects, List<Integer> most) {
    return Tuple.tuple()
        .addArrayOfString(subjects.toArray(String[]::new))
        .addArrayOfInteger(most.toArray(Integer[]::new));
  }

  private static Attempt attempt(Row row) {
    Long[] counted = row.getArrayOfLongs("counted");
    if (counted == null) {
      throw new Refusal(
              Code.E_RATE_LIMITED, "There were too many attempts to sign in. Try again later.")
          .with("retry_after_seconds", Math.max(1, row.getInteger("wait")));
    }
    return new Attempt(counted);
  }

  private String hidden(String subject) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(subject.getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java has HmacSHA256", impossible);
    }
  }
}
