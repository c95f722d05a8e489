package lectern;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import lectern.db.TestingDatabase;
import lectern.llm.TestingProvider;
import org.jspecify.annotations.Nullable;

/** What clients sent and saw, and what must hold of it: see {@link #check}. */
final class History {
  /** What the scripted model server counts for an answer that it finishes. */
  private static final int TOKENS = 25;

  private final TestingDatabase database;
  private final ConcurrentMap<String, Sent> sends = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> places = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

  History(TestingDatabase database) {
    this.database = database;
  }

  void add(Sent sent) {
    sends.put(sent.content, sent);
  }

  Map<String, Sent> sends() {
    return sends;
  }

  void violation(String what, Object... values) {
    violations.add(what.formatted(values));
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** One question under a key, by one or several requests, and everything that came back. */
  static final class Sent {
    final String key;
    final String content;
    final String path;
    final JsonObject body;
    final @Nullable Sent replaced;
    final CompletableFuture<JsonObject> meta = new CompletableFuture<>();
    final CompletableFuture<String> growing = new CompletableFuture<>();
    final Set<Seen> seen = ConcurrentHashMap.newKeySet();
    final Set<String> texts = ConcurrentHashMap.newKeySet();
    final Set<String> questions = ConcurrentHashMap.newKeySet();
    final long began = System.nanoTime();
    volatile long ended = Long.MAX_VALUE;
    volatile boolean deleted;

    /** Where it was answered last, as a stream: the node that writes the answer, of one request. */
    volatile int node;

    Sent(String key, String content, String path, JsonObject body, @Nullable Sent replaced) {
      this.key = key;
      this.content = content;
      this.path = path;
      this.body = body;
      this.replaced = replaced;
    }

    void saw(Seen result) {
      seen.add(result);
      ended = Math.min(ended, System.nanoTime());
    }

    @Nullable String answer() {
      return seen.stream()
          .map(Seen::answer)
          .filter(each -> each != null)
          .findFirst()
          .orElse(meta.isDone() ? meta.join().getString("assistant_message_id") : null);
    }

    boolean wasOpened() {
      return answer() != null;
    }
  }

  /** How an answer was told: its code if it failed, its text if it did not. */
  record Seen(@Nullable String code, @Nullable String answer, @Nullable String content) {}

  /** What one client has of one answer, over as many streams as it took. */
  static final class Told {
    private final StringBuilder text = new StringBuilder();
    private @Nullable JsonObject meta;
    private @Nullable JsonObject done;
    private @Nullable String place;

    /** Reads to the end of the stream, or leaves after so many pieces. */
    void read(InputStream stream, int pieces, Sent sent) throws IOException {
      int left = pieces;
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        String type = "";
        String id = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("event: ")) {
            type = line.substring(7);
          } else if (line.startsWith("data: ")) {
            take(type, new JsonObject(line.substring(6)), sent);
            place = id;
            if (type.equals("delta") && --left == 0) {
              return;
            }
          }
        }
      }
    }

    private void take(String type, JsonObject data, Sent sent) {
      switch (type) {
        case "delta" -> {
          text.append(data.getString("delta"));
          sent.growing.complete(text.toString());
        }
        case "meta" -> {
          meta = data;
          if (data.getString("user_message_id") != null) {
            sent.questions.add(data.getString("user_message_id"));
          }
          sent.meta.complete(data);
        }
        case "reset" -> text.setLength(0);
        case "done" -> done = data;
        default -> throw new AssertionError("an event " + type);
      }
    }

    @Nullable String answer() {
      return meta == null ? null : meta.getString("assistant_message_id");
    }

    @Nullable String place() {
      return place;
    }

    /** The end, once it was told. */
    @Nullable Seen end(History history, Sent sent) {
      if (done == null) {
        return null;
      }
      sent.texts.add(text.toString());
      boolean complete = done.getString("status").equals("complete");
      if (complete && done.getInteger("final_chars") != text.length()) {
        history.violation("%s: %s after %d characters", sent.key, done, text.length());
      }
      return new Seen(done.getString("error_code"), answer(), complete ? text.toString() : null);
    }
  }

  // At any moment

  /** A page of a conversation's newest messages, as somebody saw it. */
  void page(String conversation, List<JsonObject> messages) {
    int before = 0;
    for (JsonObject message : messages) {
      int seq = message.getInteger("seq");
      boolean last = message == messages.getLast();
      if (seq <= before) {
        violation("%s has %d after %d", conversation, seq, before);
      }
      if (message.getString("status").equals("pending") && !last) {
        violation("%s goes on after a pending answer: %s", conversation, messages);
      }
      String id = message.getString("id");
      String known = places.putIfAbsent(conversation + " " + seq, id);
      if (known != null && !known.equals(id)) {
        violation("%s had %s and %s at %d", conversation, known, id, seq);
      }
      before = seq;
    }
  }

  /** No conversation has two answers pending, as the database has it now. */
  void pending() {
    for (Row row :
        rows(
            "select conversation_id::text from message where status = 'pending'"
                + " group by 1 having count(*) > 1")) {
      violation("several answers pending in %s", row.getString(0));
    }
  }

  // In the end

  /**
   * Every key has one result, told alike to all and as it is stored; every question that was opened
   * stands in the ledger and no other; no model was asked twice; the numbers have no gap and keep
   * the order in which clients saw things happen; replaced questions lead to what replaced them.
   */
  void check(List<TestingProvider.Request> requests) {
    Map<String, Integer> calls = new HashMap<>();
    requests.forEach(request -> calls.merge(question(request), 1, Integer::sum));
    calls.forEach(
        (asked, times) -> {
          if (times != 1 || !sends.containsKey(asked)) {
            violation("the model was asked %d times: %s", times, asked);
          }
        });
    Map<String, Row> stored = new HashMap<>();
    rows("select id::text, conversation_id::text, seq, status, content, error_code,"
            + " replaces_message_id::text from message")
        .forEach(row -> stored.put(row.getString(0), row));
    sends.values().forEach(sent -> result(sent, stored, calls.getOrDefault(sent.content, 0)));
    ledger();
    numbers();
    order(stored);
  }

  static String question(TestingProvider.Request request) {
    var messages = request.json().getJsonArray("messages");
    return messages.getJsonObject(messages.size() - 1).getString("content");
  }

  private void result(Sent sent, Map<String, Row> stored, int calls) {
    if (sent.questions.size() > 1) {
      violation("%s was stored as %s", sent.key, sent.questions);
    }
    if (sent.deleted && sent.seen.isEmpty()) {
      return; // Its conversation went while it was being answered.
    }
    if (sent.seen.size() != 1) {
      violation("%s was answered in several ways: %s", sent.key, sent.seen);
      return;
    }
    Seen result = sent.seen.iterator().next();
    if (result.answer == null) {
      if (sent.replaced == null || !"E_MESSAGE_SET_ASIDE".equals(result.code)) {
        violation("%s came to nothing: %s", sent.key, result);
      }
      return;
    }
    Row answer = stored.get(result.answer);
    if (answer == null) {
      if (!sent.deleted) {
        violation("%s is lost: %s", sent.key, result);
      }
      return;
    }
    boolean same =
        result.code == null
            ? answer.getString("status").equals("complete")
                && answer.getString("content").equals(result.content)
            : result.code.equals(answer.getString("error_code"));
    if (!same) {
      violation("%s was told %s and is stored as %s", sent.key, result, answer.deepToString());
    }
    for (String text : sent.texts) {
      if (!text.equals(answer.getString("content"))) {
        violation("%s was streamed '%s': %s", sent.key, text, answer.deepToString());
      }
    }
    if (result.code == null && !"".equals(result.content) && calls != 1) {
      violation("%s has an answer, and %d calls", sent.key, calls);
    }
    sent.questions.forEach(question -> replaces(sent, question, stored));
  }

  /** A replacement leads, by way of what had replaced it meanwhile, to the question it named. */
  private void replaces(Sent sent, String question, Map<String, Row> stored) {
    if (sent.replaced == null) {
      return;
    }
    String at = question;
    while (at != null && !sent.replaced.questions.contains(at)) {
      Row row = stored.get(at);
      at = row == null ? null : row.getString("replaces_message_id");
    }
    if (at == null) {
      violation("%s does not lead to what it replaces, %s", sent.key, sent.replaced.key);
    }
  }

  private void ledger() {
    Set<String> told =
        sends.values().stream()
            .filter(Sent::wasOpened)
            .map(Sent::answer)
            .collect(Collectors.toSet());
    Set<String> ledger = ids("select message_id from generation");
    if (!told.equals(ledger)) {
      violation("%d answers in the ledger, %d told of", ledger.size(), told.size());
    }
    none("generations without an end", "select message_id from generation where ended_at is null");
    none(
        "answers charged otherwise than the model server counted",
        "select g.message_id from generation g join message m on m.id = g.message_id where g"
            + ".spent_tokens <> case when m.finish_reason = 'stop' then "
            + TOKENS
            + " when m.error_code = 'E_ORPHANED_PENDING' then 0 else g.spent_tokens end");
    none(
        "ended answers without an account",
        "select m.id from message m left join message_llm l on l.message_id = m.id"
            + " where m.role = 'assistant' and l.message_id is null");
    none(
        "questions replaced twice",
        "select replaces_message_id from message where replaces_message_id is not null"
            + " group by 1 having count(*) > 1");
  }

  private void numbers() {
    none(
        "conversations whose numbers have gaps",
        "select c.id from conversation c where c.next_seq <> 1 + 2 *"
            + " (select count(*) from generation g where g.conversation_id = c.id)");
    none(
        "answers that do not follow their questions",
        "select a.id from message a where a.role = 'assistant' and not exists (select 1 from"
            + " message q where q.conversation_id = a.conversation_id and q.seq = a.seq - 1"
            + " and q.seq % 2 = 1 and q.role = 'user')");
  }

  /** What was sent after another result was seen stands after it. */
  private void order(Map<String, Row> stored) {
    Map<String, List<Sent>> conversations = new HashMap<>();
    Map<Sent, Integer> numbers = new HashMap<>();
    for (Sent sent : sends.values()) {
      Row answer = stored.get(String.valueOf(sent.answer()));
      if (answer != null) {
        numbers.put(sent, answer.getInteger("seq"));
        conversations
            .computeIfAbsent(answer.getString("conversation_id"), _ -> new ArrayList<>())
            .add(sent);
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

  private void none(String what, String sql) {
    Set<String> ids = ids(sql);
    if (!ids.isEmpty()) {
      violation("%s: %s", what, ids);
    }
  }

  private Set<String> ids(String sql) {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    for (Row row : rows(sql)) {
      UUID id = row.getUUID(0);
      ids.add(id.toString());
    }
    return ids;
  }

  Iterable<Row> rows(String sql) {
    return TestingDatabase.await(database.pool().query(sql).execute());
  }
}
