package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgException;
import java.util.UUID;
import lectern.db.TestingDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables of conversations refuse by themselves, whatever is asked of them. */
class MessageTablesTest {
  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private static final String CONVERSATION = new UUID(0, 1).toString();
  private static final String QUESTION = new UUID(0, 2).toString();
  private static final String ANSWER = new UUID(0, 3).toString();

  @BeforeAll
  static void a_question_whose_answer_grows() {
    database.execute(
        """
        insert into users (id, email) values ('%1$s', 'a@example.org');
        insert into conversation (id, owner_user_id, next_seq) values ('%1$s', '%1$s', 3);
        insert into message (id, conversation_id, seq, role, content)
          values ('%2$s', '%1$s', 1, 'user', 'Q');
        insert into message (id, conversation_id, seq, role, content, status)
          values ('%3$s', '%1$s', 2, 'assistant', '', 'pending');
        insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id)
          values ('%2$s', '%1$s', 0, 'message', '%2$s');
        insert into idempotency_key (
          user_id, key, payload_hash, conversation_id, user_message_id, assistant_message_id)
          values ('%1$s', 'k', 'h', '%1$s', '%2$s', '%3$s');
        """
            .formatted(CONVERSATION, QUESTION, ANSWER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          message_seq_unique                     | insert into message (conversation_id, seq, role, content) values (C, 2, 'user', 'x')
          message_one_pending_per_conversation   | insert into message (conversation_id, seq, role, content, status) values (C, 3, 'assistant', '', 'pending')
          message_pending_is_assistant           | insert into message (conversation_id, seq, role, content, status) values (C, 3, 'user', 'x', 'pending')
          message_seq_positive                   | insert into message (conversation_id, seq, role, content) values (C, 0, 'user', 'x')
          message_role_known                     | insert into message (conversation_id, seq, role, content) values (C, 3, 'tool', 'x')
          message_replaced_once                  | insert into message (conversation_id, seq, role, content, replaces_message_id, replaces_from_seq) select C, n, 'user', 'x', Q, 1 from generate_series(3, 4) n
          message_replacing_is_question          | update message set replaces_message_id = Q, replaces_from_seq = 1 where id = A
          message_replaces_earlier               | insert into message (conversation_id, seq, role, content, replaces_from_seq) values (C, 3, 'user', 'x', 3)
          message_context_one_target             | insert into message_context (message_id, conversation_id, ordinal, target_type) values (Q, C, 1, 'message')
          message_context_one_target             | insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id, referred_conversation_id) values (Q, C, 1, 'message', Q, C)
          message_context_target_matches_type    | insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id) values (Q, C, 1, 'conversation', Q)
          message_context_target_matches_type    | insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id) values (Q, C, 1, 'picture', Q)
          message_context_ordinal_unique         | insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id) values (Q, C, 0, 'message', Q)
          message_context_message                | insert into message_context (message_id, conversation_id, ordinal, target_type, referred_message_id) values (Q, gen_random_uuid(), 1, 'message', Q)
          idempotency_key_unique                 | insert into idempotency_key (user_id, key, payload_hash, conversation_id, user_message_id, assistant_message_id) values (C, 'k', 'other', C, Q, A)
          idempotency_key_length                 | insert into idempotency_key (user_id, key, payload_hash, conversation_id, user_message_id, assistant_message_id) values (C, repeat('k', 129), 'h', C, Q, A)
          conversation_sharing_known             | update conversation set sharing = 'everybody'
          """)
  void what_breaks_a_rule_is_refused_by_its_name(String constraint, String statement) {
    String sql =
        statement
            .replaceAll("\\bC\\b", "'" + CONVERSATION + "'")
            .replaceAll("\\bQ\\b", "'" + QUESTION + "'")
            .replaceAll("\\bA\\b", "'" + ANSWER + "'");
    assertThatThrownBy(() -> await(database.pool().query(sql).execute()))
        .isInstanceOfSatisfying(
            PgException.class,
            refused -> assertThat(refused.getConstraint()).isEqualTo(constraint));
  }
}
