package lectern.conversation;

import static lectern.conversation.TestingReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Send.Opened;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider.Script;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Questions edited and asked again: what the model is shown, and what stays readable. */
class ReplacingTest {
  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private TestingReader reader;
  private Opened first;
  private Opened second;

  @BeforeEach
  void two_turns() {
    reader = new TestingReader(database, new SendLimits(1000, 100, 10_000_000));
    first = asked(null, "First?", "One.");
    second = asked(first.conversationId(), "Second?", "Two.");
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private Opened asked(UUID conversation, String question, String answer) {
    reader.provider.plays(Script.answering(answer));
    return ended(reader.send(conversation, question, null));
  }

  private Opened replaced(Opened earlier, String question, String answer) {
    reader.provider.plays(Script.answering(answer));
    return ended(reader.replace(earlier, question, null));
  }

  private Opened ended(Future<Opened> send) {
    Opened opened = await(send);
    reader.answer(opened);
    return opened;
  }

  /** The words of the last request to the model, without the system's. */
  private List<String> shown() {
    return reader.provider.requests().getLast().json().getJsonArray("messages").stream()
        .map(JsonObject.class::cast)
        .filter(message -> !List.of("system", "developer").contains(message.getString("role")))
        .map(message -> message.getString("content"))
        .toList();
  }

  private List<Message> messages() {
    return reader.messages(first.conversationId());
  }

  private Message message(int seq) {
    return messages().stream().filter(each -> each.seq() == seq).findFirst().orElseThrow();
  }

  @Test
  void asked_again_the_model_is_shown_what_came_before_and_not_the_replaced_turn() {
    Opened again = replaced(second, "Second?", "Another two.");
    assertThat(shown()).containsExactly("First?", "One.", "Second?");
    assertThat(messages()).extracting(Message::seq).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(message(3).replacedByMessageId()).isEqualTo(again.userMessageId());
    assertThat(message(5).replacesMessageId()).isEqualTo(second.userMessageId());
    assertThat(messages())
        .extracting(Message::setAside)
        .containsExactly(false, false, true, true, false, false);
    assertThat(message(4).content()).isEqualTo("Two.");
  }

  @Test
  void an_edit_further_up_sets_all_aside_that_came_after_it() {
    replaced(first, "Edited?", "Edited.");
    assertThat(shown()).containsExactly("Edited?");
    asked(first.conversationId(), "And then?", "Then.");
    assertThat(shown()).containsExactly("Edited?", "Edited.", "And then?");
    assertThat(messages())
        .extracting(Message::setAside)
        .containsExactly(true, true, true, true, false, false, false, false);
  }

  @Test
  void a_turn_can_be_replaced_over_and_over_from_any_of_its_versions() {
    Opened third = replaced(second, "Second, better?", "Three.");
    Opened fourth = replaced(second, "Second, better still?", "Four.");
    assertThat(shown()).containsExactly("First?", "One.", "Second, better still?");
    assertThat(message(7).replacesMessageId()).isEqualTo(third.userMessageId());
    replaced(fourth, "Best?", "Five.");
    assertThat(shown()).containsExactly("First?", "One.", "Best?");
    asked(first.conversationId(), "Next?", "Six.");
    assertThat(shown()).containsExactly("First?", "One.", "Best?", "Five.", "Next?");
  }

  @Test
  void what_was_set_aside_by_an_edit_further_up_cannot_be_replaced() {
    replaced(first, "Edited?", "Edited.");
    refused(Code.E_MESSAGE_SET_ASIDE, () -> await(reader.replace(second, "Too late", null)));
    assertThat(messages()).hasSize(6);
  }

  @Test
  void deleting_a_replacing_turn_brings_the_replaced_one_back() {
    Opened again = replaced(second, "Second?", "Another two.");
    delete(again.assistantMessageId());
    delete(again.userMessageId());
    assertThat(message(3).setAside()).isFalse();
    assertThat(message(3).replacedByMessageId()).isNull();
    asked(first.conversationId(), "Third?", "Three.");
    assertThat(shown()).containsExactly("First?", "One.", "Second?", "Two.", "Third?");
  }

  @Test
  void a_version_deleted_in_between_brings_nothing_back() {
    Opened better = replaced(second, "Better?", "Three.");
    replaced(better, "Best?", "Four.");
    delete(better.userMessageId());
    assertThat(message(3).setAside()).isTrue();
    asked(first.conversationId(), "Third?", "Three.");
    assertThat(shown()).containsExactly("First?", "One.", "Best?", "Four.", "Third?");
  }

  @Test
  void a_failed_turn_is_replaced_like_any_other_and_never_shown() {
    reader.provider.plays(Script.stream().text("Half").cut());
    Opened failed = ended(reader.send(first.conversationId(), "Third?", null));
    asked(first.conversationId(), "Fourth?", "Four.");
    assertThat(shown()).containsExactly("First?", "One.", "Second?", "Two.", "Fourth?");
    reader.provider.plays(Script.answering("Three."));
    refused(
        Code.E_MESSAGE_NOT_FOUND,
        () -> await(reader.replace(null, failed.userMessageId(), "x", null, null)));
    replaced(failed, "Third?", "Three.");
    assertThat(shown()).containsExactly("First?", "One.", "Second?", "Two.", "Third?");
  }

  @Test
  void what_the_replaced_question_quoted_is_quoted_again_unless_something_is_named() {
    Send.Target target = new Send.Target(ContextType.MESSAGE, first.assistantMessageId());
    Opened quoting = ended(reader.replace(second, "With a quote?", List.of(target)));
    Opened again = replaced(quoting, "With it again?", "A.");
    assertThat(reader.message(again.userMessageId()).contexts())
        .singleElement()
        .satisfies(
            context -> {
              assertThat(context.id()).isEqualTo(target.id());
              assertThat(context.quotedText()).isEqualTo("One.");
            });
    Opened without = ended(reader.replace(again, "Without?", List.of()));
    assertThat(reader.message(without.userMessageId()).contexts()).isEmpty();
  }

  @Test
  void only_a_question_of_this_conversation_and_this_viewer_can_be_replaced() {
    UUID conversation = first.conversationId();
    Opened elsewhere = asked(null, "Elsewhere?", "Here.");
    for (UUID missing : List.of(UUID.randomUUID(), elsewhere.userMessageId())) {
      refused(
          Code.E_MESSAGE_NOT_FOUND,
          () -> await(reader.replace(conversation, missing, "x", null, null)));
    }
    refused(
        Code.E_INVALID_REQUEST,
        () -> await(reader.replace(conversation, first.assistantMessageId(), "x", null, null)));
    try (TestingReader stranger = new TestingReader(database, new SendLimits(10, 10, 1_000_000))) {
      refused(Code.E_MESSAGE_NOT_FOUND, () -> await(stranger.replace(first, "mine now", null)));
    }
    assertThat(messages()).hasSize(4);
  }

  @Test
  void racing_replacements_of_one_question_leave_one_busy_conversation() {
    reader.provider.plays(Script.stream().stall());
    List<Future<Opened>> sends =
        IntStream.range(0, 20).mapToObj(i -> reader.replace(second, "R" + i, null)).toList();
    await(Future.join(sends).otherwiseEmpty());
    assertThat(sends.stream().filter(Future::succeeded)).hasSize(1);
    assertThat(sends.stream().filter(Future::failed).map(Future::cause))
        .allSatisfy(no -> assertThat(((Refusal) no).code()).isEqualTo(Code.E_CONVERSATION_BUSY));
    assertThat(messages()).extracting(Message::seq).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void a_key_stands_for_the_replaced_question_too() {
    UUID conversation = first.conversationId();
    reader.provider.plays(Script.answering("Once."));
    Opened once =
        ended(reader.replace(conversation, second.userMessageId(), "Q", null, "replacing"));
    Opened again =
        await(reader.replace(conversation, second.userMessageId(), "Q", null, "replacing"));
    assertThat(again.assistantMessageId()).isEqualTo(once.assistantMessageId());
    refused(
        Code.E_IDEMPOTENCY_KEY_REPLAY_MISMATCH,
        () -> await(reader.replace(conversation, first.userMessageId(), "Q", null, "replacing")));
    refused(
        Code.E_IDEMPOTENCY_KEY_REPLAY_MISMATCH,
        () ->
            await(
                reader.replace(conversation, second.userMessageId(), "Q", List.of(), "replacing")));
  }

  private void delete(UUID message) {
    await(reader.bus.ask(Message.Delete.ADDRESS, new Message.Delete(reader.id, message)));
  }

  private static void refused(Code code, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
