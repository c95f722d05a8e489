package lectern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lectern.Ledger.Generation;
import lectern.Ledger.Message;
import lectern.Sent.Seen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A history that holds is let pass, and each kind of violation is found. */
class HistoryCheckTest {
  private static final String CONVERSATION = "conversation";

  private final History history = new History();
  private final List<Generation> generations = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>(Map.of(CONVERSATION, 1));

  // Histories

  /** A question that was asked and answered as it should be: its client saw what is stored. */
  private Sent answered(String key) {
    Sent sent = asked(key, null);
    history.saw(sent, new Seen(null, answer(key), text(key)));
    return sent;
  }

  /** The same, before its client hears of it. */
  private Sent asked(String key, @Nullable Sent replaced) {
    Reply reply = Reply.atOnce(key);
    Sent sent = new Sent(key, key + "?", CONVERSATION, new JsonObject(), replaced, reply);
    opens(sent, key);
    return sent;
  }

  /** What was sent was stored under such ids, and the model asked for the answer. */
  private void opens(Sent sent, String ids) {
    sent.questions.add(question(ids));
    sent.calls.incrementAndGet();
    history.add(sent);
    int seq = numbers.merge(CONVERSATION, 2, Integer::sum) - 2;
    String replaces = sent.replaced == null ? null : sent.replaced.questions.iterator().next();
    messages.add(
        new Message(
            question(ids),
            CONVERSATION,
            seq,
            "user",
            "complete",
            sent.key,
            null,
            null,
            replaces,
            false));
    messages.add(
        new Message(
            answer(ids),
            CONVERSATION,
            seq + 1,
            "assistant",
            "complete",
            sent.reply.text(),
            null,
            "stop",
            null,
            true));
    generations.add(new Generation(answer(ids), CONVERSATION, 1, true, 25, 2.5, 1.5));
  }

  /** The same request under the key of what was deleted; it comes to a turn with such ids. */
  private Sent reused(Sent before, String ids) {
    deleted(answer(before.key));
    deleted(question(before.key));
    Sent sent = before.anew();
    opens(sent, ids);
    history.saw(sent, new Seen(null, answer(ids), sent.reply.text()));
    return sent;
  }

  private Sent orphaned(String key, double silence) {
    return takenOver(key, silence + 1, silence);
  }

  /** One that never came to its owner's ears, and so to no model's. */
  private Sent unheard(String key, double lasted) {
    Sent sent = takenOver(key, lasted, -2);
    sent.calls.set(0);
    return sent;
  }

  private Sent takenOver(String key, double lasted, double silence) {
    Sent sent = asked(key, null);
    String code = "E_ORPHANED_PENDING";
    history.saw(sent, new Seen(code, answer(key), null));
    stores(answer(key), each -> of(each, "error", "", code, "error"));
    generation(key, _ -> new Generation(answer(key), CONVERSATION, 2, true, 0, lasted, silence));
    return sent;
  }

  private static String question(String key) {
    return "question " + key;
  }

  private static String answer(String key) {
    return "answer " + key;
  }

  private static String text(String key) {
    return Reply.atOnce(key).text();
  }

  private void stores(String id, UnaryOperator<Message> otherwise) {
    messages.replaceAll(each -> each.id().equals(id) ? otherwise.apply(each) : each);
  }

  private void generation(String key, UnaryOperator<Generation> otherwise) {
    generations.replaceAll(
        each -> each.answer().equals(answer(key)) ? otherwise.apply(each) : each);
  }

  private static Message of(
      Message message, String status, String content, @Nullable String code, String finish) {
    return new Message(
        message.id(),
        message.conversation(),
        message.seq(),
        message.role(),
        status,
        content,
        code,
        finish,
        message.replaces(),
        true);
  }

  private static Message at(int seq, Message message) {
    return new Message(
        message.id(),
        message.conversation(),
        seq,
        message.role(),
        message.status(),
        message.content(),
        message.code(),
        message.finish(),
        null,
        message.accounted());
  }

  private void loses(String... ids) {
    List<String> lost = List.of(ids);
    messages.removeIf(each -> lost.contains(each.id()));
    numbers.keySet().removeAll(lost);
  }

  private void deleted(String id) {
    history.deleting(id, CONVERSATION).isDone();
    loses(id);
  }

  private void holds() {
    history.check(new Ledger(generations, messages, numbers));
    assertThat(history.violations()).isEmpty();
  }

  private void finds(String violation) {
    history.check(new Ledger(generations, messages, numbers));
    assertThat(history.violations()).anySatisfy(each -> assertThat(each).contains(violation));
  }

  private void looks(long asked, List<Message> page) {
    history.page(
        CONVERSATION,
        asked,
        page.stream()
            .map(
                each ->
                    new JsonObject()
                        .put("id", each.id())
                        .put("seq", each.seq())
                        .put("status", each.status()))
            .toList());
  }

  // What holds

  @Test
  void one_that_holds() {
    Sent first = answered("1");
    Sent second = asked("2", first);
    history.saw(second, new Seen(null, answer("2"), text("2")));
    orphaned("3", 17.5);
    unheard("4", 33);
    reused(answered("5"), "6");
    looks(System.nanoTime(), messages);
    holds();
  }

  @Test
  void a_conversation_that_somebody_deleted_may_be_gone() {
    answered("1");
    Sent second = asked("2", null);
    deleted(CONVERSATION);
    history.saw(second, new Seen("E_CONVERSATION_NOT_FOUND", null, null));
    messages.clear();
    history.page(CONVERSATION, System.nanoTime(), null);
    holds();
  }

  // Results

  @Test
  void a_key_with_two_answers() {
    history.saw(answered("1"), new Seen(null, "another", "text"));
    finds("answered in several ways");
  }

  @Test
  void a_key_with_two_questions() {
    answered("1").questions.add("another");
    finds("was stored as");
  }

  @Test
  void a_model_that_was_asked_twice() {
    answered("1").calls.incrementAndGet();
    finds("asked of the model 2 times");
  }

  @Test
  void a_key_that_leads_to_what_was_deleted() {
    reused(answered("1"), "1");
    finds("was deleted, and its key leads there");
  }

  @Test
  void a_key_under_which_the_model_was_asked_once_more_without_saying_so() {
    reused(answered("1"), "2").calls.incrementAndGet();
    finds("asked of the model 2 times");
  }

  @Test
  void an_answer_without_a_call() {
    answered("1").calls.set(0);
    finds("has an answer, and 0 calls");
  }

  @Test
  void a_question_without_a_result() {
    asked("1", null);
    finds("came to no result");
  }

  @Test
  void a_refusal_for_no_reason() {
    history.saw(asked("1", null), new Seen("E_INTERNAL", null, null));
    finds("came to nothing");
  }

  @Test
  void an_answer_that_is_stored_otherwise_than_it_was_told() {
    answered("1");
    stores(answer("1"), each -> of(each, "complete", "An ", null, "cancelled"));
    finds("is stored as");
  }

  @Test
  void a_stream_that_does_not_add_up_to_the_answer() {
    answered("1").texts.add("An answer");
    finds("was streamed");
  }

  @Test
  void an_answer_to_another_question() {
    Sent sent = asked("1", null);
    stores(answer("1"), each -> of(each, "complete", text("2"), null, "stop"));
    history.saw(sent, new Seen(null, answer("1"), text("2")));
    finds("by the model");
  }

  // What is lost, and what comes back

  @Test
  void an_answer_that_is_lost() {
    answered("1");
    loses(answer("1"));
    finds("is lost");
  }

  @Test
  void a_conversation_that_is_lost() {
    answered("1");
    messages.clear();
    numbers.clear();
    finds(CONVERSATION + " is lost");
  }

  @Test
  void a_deleted_message_that_is_stored() {
    answered("1");
    history.deleting(answer("1"), CONVERSATION).isDone();
    finds("was deleted, and is stored");
  }

  @Test
  void an_answer_that_is_gone_before_anybody_deleted_it() {
    history.saw(answered("1"), new Seen("E_MESSAGE_NOT_FOUND", answer("1"), null));
    deleted(answer("1"));
    finds("nobody deleted it");
  }

  @Test
  void an_answer_that_is_said_to_be_gone_because_another_one_was_deleted() {
    Sent sent = answered("1");
    answered("2");
    deleted(answer("2"));
    history.saw(sent, new Seen("E_MESSAGE_NOT_FOUND", answer("1"), null));
    finds("is not deleted");
  }

  // Looks

  @Test
  void a_page_out_of_order() {
    answered("1");
    looks(System.nanoTime(), messages.reversed());
    finds("has 1 after 2");
  }

  @Test
  void a_page_that_goes_on_after_a_pending_answer() {
    asked("1", null);
    stores(answer("1"), each -> of(each, "pending", "", null, "stop"));
    answered("2");
    looks(System.nanoTime(), messages);
    finds("goes on after a pending answer");
  }

  @Test
  void two_messages_at_one_place() {
    answered("1");
    looks(System.nanoTime(), messages);
    messages.addFirst(
        new Message("x", CONVERSATION, 1, "user", "complete", "", null, null, null, false));
    looks(System.nanoTime(), messages.subList(0, 1));
    finds("at 1");
  }

  @Test
  void a_page_older_than_what_was_told() {
    answered("1");
    looks(System.nanoTime(), List.of());
    finds("is not shown");
  }

  @Test
  void a_page_on_which_an_answer_has_not_ended_yet() {
    answered("1");
    List<Message> page = List.copyOf(messages);
    stores(answer("1"), each -> of(each, "pending", "", null, "stop"));
    looks(System.nanoTime(), messages);
    messages.clear();
    messages.addAll(page);
    finds("is shown without one");
  }

  @Test
  void a_page_with_what_had_been_deleted() {
    answered("1");
    List<Message> page = List.copyOf(messages);
    deleted(answer("1"));
    looks(System.nanoTime(), page);
    finds("was deleted, and is shown");
  }

  @Test
  void a_conversation_that_is_not_there() {
    answered("1");
    history.page(CONVERSATION, System.nanoTime(), null);
    finds("is gone, and nobody deleted it");
  }

  // The ledger

  @Test
  void an_answer_that_nobody_was_told_of() {
    generations.add(new Generation("another", CONVERSATION, 1, true, 25, 2.0, 1.0));
    finds("nobody was told of");
  }

  @Test
  void an_answer_that_is_in_no_ledger() {
    answered("1");
    generations.clear();
    finds("in no ledger");
  }

  @Test
  void an_answer_without_an_end() {
    answered("1");
    generation("1", _ -> new Generation(answer("1"), CONVERSATION, 1, false, null, null, null));
    finds("has no end");
  }

  @Test
  void an_answer_with_another_price() {
    answered("1");
    generation("1", _ -> new Generation(answer("1"), CONVERSATION, 1, true, 50, 2.0, 1.0));
    finds("is charged otherwise");
  }

  @Test
  void an_answer_that_was_ended_twice() {
    answered("1");
    generation("1", _ -> new Generation(answer("1"), CONVERSATION, 2, true, 25, 18.0, 17.0));
    finds("ended by one and stored by another");
  }

  @Test
  void an_answer_of_a_node_that_was_alive() {
    orphaned("1", 14.9);
    finds("of a living node was ended by another after 15.9 s");
  }

  @Test
  void an_answer_that_its_owner_gave_up_before_it_would_have_heard() {
    unheard("1", 29.9);
    finds("ended by another after 29.9 s");
  }

  @Test
  void an_answer_that_its_owner_never_heard_of_and_left_too_long() {
    unheard("1", 38);
    finds("ended by another after 38.0 s");
  }

  @Test
  void an_answer_that_is_said_to_be_unheard_of_though_a_model_was_asked() {
    unheard("1", 33).calls.incrementAndGet();
    finds("is said to be unheard of");
  }

  @Test
  void an_answer_of_a_dead_node_that_was_left_too_long() {
    orphaned("1", 23);
    finds("after 23.0 s of silence");
  }

  // Order

  @Test
  void numbers_with_a_gap() {
    answered("1");
    numbers.put(CONVERSATION, 5);
    finds("have gaps");
  }

  @Test
  void an_answer_without_its_question() {
    answered("1");
    loses(question("1"));
    finds("does not follow its question");
  }

  @Test
  void an_order_that_is_not_the_one_in_which_things_happened() {
    answered("1");
    answered("2");
    messages.replaceAll(each -> at(each.seq() > 2 ? each.seq() - 2 : each.seq() + 2, each));
    finds("1 ended before 2 began, and stands after it");
  }

  @Test
  void a_replacement_that_leads_elsewhere() {
    Sent first = answered("1");
    Sent second = asked("2", first);
    history.saw(second, new Seen(null, answer("2"), text("2")));
    messages.replaceAll(each -> at(each.seq(), each));
    finds("does not lead to what it replaces");
  }

  @Test
  void a_replacement_of_what_had_been_deleted() {
    Sent first = answered("1");
    deleted(question("1"));
    Sent second = asked("2", first);
    history.saw(second, new Seen(null, answer("2"), text("2")));
    finds("replaces what had been deleted");
  }

  @Test
  void a_replacement_of_what_had_been_deleted_is_told_that_it_is_gone() {
    Sent first = answered("1");
    deleted(question("1"));
    Sent second = new Sent("2", "2?", CONVERSATION, new JsonObject(), first, Reply.atOnce("2"));
    history.add(second);
    history.saw(second, new Seen("E_MESSAGE_NOT_FOUND", null, null));
    holds();
  }
}
