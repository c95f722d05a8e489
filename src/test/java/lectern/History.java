package lectern;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lectern.Ledger.Generation;
import lectern.Ledger.Message;
import lectern.Sent.Seen;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one schedule sent and saw, and what must hold of it: of a look at any moment
 * ({@link #page}), and of all together in the end ({@link #check}).
 */
final class History {
  /** Messages asked for at a look. */
  static final int PAGE = 100;

  /** What the scripted model server counts for an answer that it finishes. */
  private static final int TOKENS = 25;

  /** Silence; then the longest until the next sweep, and what a busy machine takes. */
  static final int SILENT = 15;

  private static final int ORPHANED = SILENT + 5 + 3;

  /** By when an owner has heard of an answer; then as above. */
  private static final int UNHEARD = 30;

  private static final int STRAY = UNHEARD + 5 + 3;

  private final Queue<Sent> sends = new ConcurrentLinkedQueue<>();
  private final ConcurrentMap<String, String> places = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Deletion> deletions = new ConcurrentHashMap<>();
  private final Set<String> conversations = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

  void add(Sent sent) {
    sends.add(sent);
  }

  void hasConversation(String id) {
    conversations.add(id);
  }

  Collection<Sent> sends() {
    return sends;
  }

  /** Those that are known, be they still there or not. */
  Stream<String> conversations() {
    return Stream.concat(
        conversations.stream(),
        sends.stream().map(sent -> sent.conversation).filter(Objects::nonNull));
  }

  void violation(String what, @Nullable Object... values) {
    violations.add(what.formatted(values));
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  // At any moment

  /** A client deletes a message of this conversation, or the conversation itself. */
  Deletion deleting(String id, String conversation) {
    return deletions.computeIfAbsent(id, _ -> new Deletion(conversation));
  }

  /** From the first request for it to the first word that it is done. */
  static final class Deletion {
    private final String conversation;
    private volatile long ended = Long.MAX_VALUE;

    private Deletion(String conversation) {
      this.conversation = conversation;
    }

    void isDone() {
      ended = Math.min(ended, System.nanoTime());
    }
  }

  /** A client is told how a question was answered; that it is gone, only when somebody deletes. */
  void saw(Sent sent, Seen seen) {
    if (seen.isGone() && !isDeleted(sent) && !isThinned(sent.conversation)) {
      violation("%s is gone, and nobody deleted it: %s", sent.key, seen);
    }
    sent.saw(seen);
  }

  private boolean isDeleted(Sent sent) {
    return isDeleted(sent.conversation)
        || isDeleted(sent.answer())
        || sent.questions.stream().anyMatch(this::isDeleted)
        || (sent.replaced != null && sent.replaced.questions.stream().anyMatch(this::isDeleted));
  }

  private boolean isDeleted(@Nullable String id) {
    return id != null && deletions.containsKey(id);
  }

  /** Something of it is deleted; with its last message it is gone itself. */
  private boolean isThinned(@Nullable String conversation) {
    return deletions.values().stream().anyMatch(each -> each.conversation.equals(conversation));
  }

  /**
   * A conversation's newest messages, as somebody saw them: in order, each where it always was, all
   * that was told of before they were asked for, nothing that had been deleted by then.
   *
   * @param asked when, by {@link System#nanoTime}
   * @param messages null where there was no such conversation
   */
  void page(String conversation, long asked, @Nullable List<JsonObject> messages) {
    if (messages == null) {
      if (!isThinned(conversation)) {
        violation("%s is gone, and nobody deleted it", conversation);
      }
      return;
    }
    Map<String, String> shown = new HashMap<>();
    int before = 0;
    for (JsonObject message : messages) {
      String id = message.getString("id");
      int seq = message.getInteger("seq");
      shown.put(id, message.getString("status"));
      if (seq <= before) {
        violation("%s has %d after %d", conversation, seq, before);
      }
      if (message.getString("status").equals("pending") && message != messages.getLast()) {
        violation("%s goes on after a pending answer: %s", conversation, messages);
      }
      String known = places.putIfAbsent(conversation + " " + seq, id);
      if (known != null && !known.equals(id)) {
        violation("%s had %s and %s at %d", conversation, known, id, seq);
      }
      before = seq;
    }
    Stream.concat(Stream.of(conversation), shown.keySet().stream())
        .filter(id -> isDeleted(id) && deletions.get(id).ended < asked)
        .forEach(id -> violation("%s was deleted, and is shown in %s", id, conversation));
    if (messages.size() < PAGE && !isDeleted(conversation)) {
      sends.stream()
          .filter(sent -> conversation.equals(sent.conversation) && sent.ended < asked)
          .forEach(sent -> shows(sent, shown));
    }
  }

  private void shows(Sent sent, Map<String, String> shown) {
    Stream.concat(Stream.ofNullable(sent.answer()), sent.questions.stream())
        .filter(id -> !shown.containsKey(id) && !isDeleted(id))
        .forEach(id -> violation("%s was told of %s, and is not shown", sent.key, id));
    if ("pending".equals(shown.get(String.valueOf(sent.answer())))) {
      violation("%s was told its end, and is shown without one", sent.key);
    }
  }

  // In the end

  /**
   * Every key has one result, told alike to all and as it is stored; every question that was opened
   * stands in the ledger and no other; no model was asked twice; the numbers have no gap and keep
   * the order in which clients saw things happen; replaced questions lead to what replaced them;
   * what was deleted is gone, and nothing else; what a dead node left was ended in time.
   */
  void check(Ledger ledger) {
    Map<String, Message> stored = new HashMap<>();
    ledger.messages().forEach(message -> stored.put(message.id(), message));
    for (Sent sent : sends) {
      result(sent, stored, ledger.numbers().keySet());
    }
    Stream.concat(stored.keySet().stream(), ledger.numbers().keySet().stream())
        .filter(this::isDeleted)
        .forEach(id -> violation("%s was deleted, and is stored", id));
    conversations()
        .filter(id -> !ledger.numbers().containsKey(id) && !isThinned(id))
        .forEach(id -> violation("%s is lost", id));
    generations(ledger, stored);
    numbers(ledger);
    order(stored);
  }

  private void result(Sent sent, Map<String, Message> stored, Set<String> there) {
    int calls = sent.calls.get();
    if (calls > 1) {
      violation("%s was asked of the model %d times", sent.key, calls);
    }
    if (sent.questions.size() > 1) {
      violation("%s was stored as %s", sent.key, sent.questions);
    }
    if (sent.seen.isEmpty()) {
      violation("%s came to no result", sent.key);
    }
    List<Seen> told = sent.seen.stream().filter(each -> !each.isGone()).toList();
    if (replacesNothing(sent) && (calls > 0 || !sent.questions.isEmpty() || !told.isEmpty())) {
      violation("%s replaces what had been deleted, and came to %s", sent.key, sent.seen);
    }
    if (sent.before != null && !Collections.disjoint(sent.questions, sent.before.questions)) {
      violation("%s was deleted, and its key leads there: %s", sent.key, sent.questions);
    }
    if (told.size() < sent.seen.size()
        && !isDeleted(sent)
        && there.contains(String.valueOf(sent.conversation))) {
      violation("%s was told to be gone, and is not deleted: %s", sent.key, sent.seen);
    }
    if (told.size() > 1) {
      violation("%s was answered in several ways: %s", sent.key, told);
    } else if (told.size() == 1) {
      result(sent, told.getFirst(), stored);
    }
  }

  /** Whether the question that it names was deleted before it was sent. */
  private boolean replacesNothing(Sent sent) {
    return sent.replaced != null
        && sent.replaced.questions.stream()
            .anyMatch(id -> isDeleted(id) && deletions.get(id).ended < sent.began);
  }

  private void result(Sent sent, Seen told, Map<String, Message> stored) {
    if (told.answer() == null) {
      if (sent.replaced == null || !"E_MESSAGE_SET_ASIDE".equals(told.code())) {
        violation("%s came to nothing: %s", sent.key, told);
      }
      return;
    }
    Message answer = stored.get(told.answer());
    if (answer == null) {
      if (!isDeleted(told.answer()) && !isDeleted(sent.conversation)) {
        violation("%s is lost: %s", sent.key, told);
      }
      return;
    }
    boolean same =
        told.code() == null
            ? answer.status().equals("complete") && answer.content().equals(told.content())
            : told.code().equals(answer.code());
    if (!same) {
      violation("%s was told %s and is stored as %s", sent.key, told, answer);
    }
    for (String text : sent.texts) {
      if (!text.equals(answer.content())) {
        violation("%s was streamed '%s': %s", sent.key, text, answer);
      }
    }
    boolean whole = "stop".equals(answer.finish());
    String said = sent.reply.text();
    if (whole ? !answer.content().equals(said) : !said.startsWith(answer.content())) {
      violation("%s was answered '%s' by the model: %s", sent.key, said, answer);
    }
    if (!answer.content().isEmpty() && sent.calls.get() != 1) {
      violation("%s has an answer, and %d calls", sent.key, sent.calls.get());
    }
    replaces(sent, stored);
  }

  /** A replacement leads, by way of what had replaced it meanwhile, to the question it named. */
  private void replaces(Sent sent, Map<String, Message> stored) {
    if (sent.replaced == null || isThinned(sent.conversation)) {
      return;
    }
    String at = sent.questions.stream().findFirst().orElse(null);
    while (at != null && !sent.replaced.questions.contains(at)) {
      Message question = stored.get(at);
      at = question == null ? null : question.replaces();
    }
    if (at == null) {
      violation("%s does not lead to what it replaces, %s", sent.key, sent.replaced.key);
    }
  }

  private void generations(Ledger ledger, Map<String, Message> stored) {
    Set<String> told =
        sends.stream().map(Sent::answer).filter(Objects::nonNull).collect(Collectors.toSet());
    for (Generation each : ledger.generations()) {
      if (!told.remove(each.answer()) && !isDeleted(each.conversation())) {
        violation("nobody was told of the answer %s", each);
      }
      Message answer = stored.get(each.answer());
      if (!each.ended() || (answer != null && answer.status().equals("pending"))) {
        violation("an answer has no end: %s", each);
      } else if (answer != null) {
        accounted(each, answer);
      }
      if (each.wasTakenOver()) {
        takenOver(each);
      }
    }
    told.forEach(answer -> violation("the answer %s is in no ledger", answer));
  }

  /** For a node that had died, or by its owner, who had never heard of it and so asked no model. */
  private void takenOver(Generation generation) {
    Double silence = generation.silence();
    Double lasted = generation.lasted();
    if (generation.isOrphan()) {
      if (silence != null && silence >= ORPHANED) {
        violation("an answer was ended for a node after %s s of silence: %s", silence, generation);
      }
    } else if (lasted == null || lasted < UNHEARD || lasted >= STRAY) {
      violation(
          "an answer of a living node was ended by another after %s s: %s", lasted, generation);
    } else {
      sends.stream()
          .filter(sent -> generation.answer().equals(sent.answer()) && sent.calls.get() > 0)
          .forEach(
              sent -> violation("%s was asked of a model, and is said to be unheard of", sent.key));
    }
  }

  private void accounted(Generation generation, Message answer) {
    boolean orphan = "E_ORPHANED_PENDING".equals(answer.code());
    if (orphan != generation.wasTakenOver()) {
      violation("an answer was ended by one and stored by another: %s %s", generation, answer);
    }
    Integer due = orphan ? Integer.valueOf(0) : "stop".equals(answer.finish()) ? TOKENS : null;
    if (due != null && !due.equals(generation.spent())) {
      violation("an answer is charged otherwise than the model counted: %s", generation);
    }
    if (!answer.accounted()) {
      violation("an answer has no account: %s", answer);
    }
  }

  private void numbers(Ledger ledger) {
    Set<String> questions = new HashSet<>();
    Set<String> replaced = new HashSet<>();
    for (Message message : ledger.messages()) {
      if (message.role().equals("user")) {
        questions.add(message.conversation() + " " + message.seq());
      }
      if (message.replaces() != null && !replaced.add(message.replaces())) {
        violation("%s was replaced twice", message.replaces());
      }
    }
    Set<String> orphaned =
        sends.stream()
            .filter(sent -> sent.questions.stream().anyMatch(this::isDeleted))
            .map(sent -> String.valueOf(sent.answer()))
            .collect(Collectors.toSet());
    for (Message message : ledger.messages()) {
      boolean answer = message.role().equals("assistant");
      if (message.seq() % 2 != (answer ? 0 : 1)) {
        violation("a message is out of turn: %s", message);
      }
      if (answer
          && !orphaned.contains(message.id())
          && !questions.contains(message.conversation() + " " + (message.seq() - 1))) {
        violation("an answer does not follow its question: %s", message);
      }
    }
    Map<String, Integer> opened = new HashMap<>();
    ledger.generations().forEach(each -> opened.merge(each.conversation(), 1, Integer::sum));
    ledger
        .numbers()
        .forEach(
            (conversation, next) -> {
              if (next != 1 + 2 * opened.getOrDefault(conversation, 0)) {
                violation("the numbers of %s have gaps: the next is %d", conversation, next);
              }
            });
  }

  /** What was sent after another result was seen stands after it. */
  private void order(Map<String, Message> stored) {
    Map<String, List<Sent>> conversations = new HashMap<>();
    Map<Sent, Integer> numbers = new HashMap<>();
    for (Sent sent : sends) {
      Message answer = stored.get(String.valueOf(sent.answer()));
      if (answer != null) {
        numbers.put(sent, answer.seq());
        conversations.computeIfAbsent(answer.conversation(), _ -> new ArrayList<>()).add(sent);
      }
    }
    for (List<Sent> sents : conversations.values()) {
      sents.sort(Comparator.comparing(numbers::get));
      Sent latest = sents.getFirst();
      for (Sent sent : sents) {
        if (sent.ended < latest.began) {
          violation("%s ended before %s began, and stands after it", sent.key, latest.key);
        }
        latest = sent.began > latest.began ? sent : latest;
      }
    }
  }
}
