package lectern.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database that an earlier version filled is brought up to date, however full it is. */
class UpgradeTest {
  /** More than the server has room for locks. */
  private static final int CONVERSATIONS = 20_000;

  /** A document that each of so many conversations quotes, and one that none does any more. */
  private static final String QUOTES =
      """
      insert into users (email) values ('reader@example.org');
      insert into media (kind, title, processing_status)
        values ('text', 'Quoted', 'ready'), ('text', 'Not quoted any more', 'ready');
      with begun as (
        insert into conversation (owner_user_id)
        select id from users, generate_series(1, %d) returning id
      ), asked as (
        insert into message (conversation_id, seq, role, content)
        select id, 1, 'user', 'Q' from begun returning id, conversation_id
      ), quoted as (
        insert into message_context (
          message_id, conversation_id, ordinal, target_type, media_id, source_media_id)
        select asked.id, conversation_id, 0, 'media', media.id, media.id
        from asked, media where media.title = 'Quoted'
      )
      insert into conversation_media (conversation_id, media_id)
      select conversation_id, media.id from asked, media;
      analyze;
      """;

  private static final String PAIRS =
      "select count(*), count(*) filter (where m.title = 'Quoted')"
          + " from conversation_media cm join media m on m.id = cm.media_id";

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private ServerAddress old;

  @BeforeEach
  void create() {
    old = database.address().withDatabase("upgraded");
    DatabaseServer.createDatabase(old);
  }

  @AfterEach
  void drop() {
    database.execute("drop database upgraded with (force)");
  }

  @Test
  void what_conversations_quote_is_counted_again_with_few_locks() throws SQLException {
    Flyway.configure()
        .dataSource(old.forMigrations())
        .locations("classpath:sql")
        .target("16")
        .load()
        .migrate();
    try (Connection connection = old.forMigrations().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(QUOTES.formatted(CONVERSATIONS));
      DatabaseServer.migrate(old);
      try (ResultSet pairs = statement.executeQuery(PAIRS)) {
        pairs.next();
        assertThat(pairs.getInt(1)).isEqualTo(pairs.getInt(2)).isEqualTo(CONVERSATIONS);
      }
    }
  }
}
