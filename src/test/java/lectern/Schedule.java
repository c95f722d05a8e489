package lectern;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lectern.ScheduleClient.Manner;
import org.jspecify.annotations.Nullable;

/**
 * A few clients at two nodes, with conversations of their own, and what they do, by chance: how
 * many they are, what they do most, and each step. The seed fixes all of it, not how their requests
 * interleave. Half-way one of them asks something that the node which may be killed is answering
 * when it is.
 */
final class Schedule {
  private static final int MORTAL = 1;

  private enum Operation {
    ASK,
    ASK_TWICE,
    REPEAT,
    MISUSE_KEY,
    HANG_UP,
    REPLACE,
    REPLACE_DELETED,
    REUSE_KEY,
    STOP,
    STOP_LATE,
    DELETE_MESSAGES,
    DELETE_GROWING,
    DELETE_CONVERSATION,
    LOOK;

    /** What takes up something that was sent before. */
    boolean isOfEarlier() {
      return switch (this) {
        case REPEAT, MISUSE_KEY, REPLACE, REPLACE_DELETED, REUSE_KEY, STOP_LATE, DELETE_MESSAGES ->
            true;
        default -> false;
      };
    }
  }

  /** What is done most. */
  enum Mix {
    ASKING(Operation.ASK),
    REPEATING(Operation.ASK_TWICE, Operation.REPEAT, Operation.MISUSE_KEY, Operation.HANG_UP),
    REPLACING(Operation.REPLACE, Operation.REPLACE_DELETED),
    STOPPING(Operation.STOP, Operation.STOP_LATE),
    DELETING(
        Operation.DELETE_MESSAGES,
        Operation.DELETE_GROWING,
        Operation.DELETE_CONVERSATION,
        Operation.REPLACE_DELETED,
        Operation.REUSE_KEY),
    LOOKING(Operation.LOOK),
    EVERYTHING(Operation.values());

    private final List<Operation> operations = new ArrayList<>();

    /** A third is any of all, a third asks, a third is this. */
    Mix(Operation... favourites) {
      operations.addAll(Arrays.asList(Operation.values()));
      for (int i = 0; i < Operation.values().length; i++) {
        operations.add(Operation.ASK);
        operations.add(favourites[i % favourites.length]);
      }
    }

    Operation draw(Random random) {
      return operations.get(random.nextInt(operations.size()));
    }
  }

  private final long seed;
  private final Round round;
  private final ScheduleClient client;
  private final Mix mix;
  private final List<Part> parts;
  private final AtomicReferenceArray<String> conversations;
  private final int waiting;
  private final int faults;
  private final History history = new History();
  private final CompletableFuture<Void> underWay = new CompletableFuture<>();

  /**
   * @param token of the reader whose conversations they are
   */
  Schedule(long seed, String token, Round round) {
    Random random = new Random(seed);
    this.seed = seed;
    this.round = round;
    this.client = new ScheduleClient(round.nodes(), token, requests(), history);
    this.mix = Mix.values()[random.nextInt(Mix.values().length)];
    this.conversations = new AtomicReferenceArray<>(1 + random.nextInt(3));
    this.waiting = random.nextInt(3);
    this.faults = random.nextInt(12) == 0 ? 25 : 1;
    this.parts =
        IntStream.range(0, 2 + random.nextInt(5))
            .mapToObj(number -> new Part(number, 3 + random.nextInt(10)))
            .toList();
  }

  private String requests() {
    return "schedule-" + seed + ".";
  }

  /** When every client has done half of what it does. */
  CompletableFuture<Void> halfway() {
    return allOf(parts.stream().map(part -> part.halfway));
  }

  /** When the node that may be killed has asked a model something for it. */
  CompletableFuture<Void> underWay() {
    return underWay;
  }

  /** Plays it, and holds what its clients saw against what is stored. */
  Played play() {
    for (int i = 0; i < conversations.length(); i++) {
      conversations.set(i, client.newConversation());
    }
    try {
      allOf(parts.stream().map(part -> run(part::play))).join();
    } finally {
      underWay.complete(null);
    }
    for (String conversation : history.conversations().distinct().toList()) {
      client.look(conversation, 0);
      client.look(conversation, 1);
    }
    Ledger ledger = settled();
    history.check(ledger);
    history.sends().forEach(sent -> round.asked().remove(sent.content));
    return new Played(
        seed,
        parts.stream().mapToInt(part -> part.operations).sum() + 1,
        history.sends().size(),
        history.sends().stream().mapToInt(sent -> sent.calls.get()).sum(),
        client.broken(),
        (int) ledger.orphans(),
        history.violations());
  }

  /** A model goes on for a while with what was deleted at a node that could not stop it. */
  private Ledger settled() {
    long deadline = System.nanoTime() + TestingNodes.PATIENCE.toNanos();
    Ledger ledger = ledger();
    while (!ledger.isSettled() && System.nanoTime() < deadline) {
      TestingNodes.pause(200);
      ledger = ledger();
    }
    return ledger;
  }

  private Ledger ledger() {
    return Ledger.read(round.database(), requests(), history.conversations());
  }

  /**
   * How a schedule went.
   *
   * @param broken requests that came to nothing, because a node was not there or no more
   * @param orphans answers that grew on a node when it died
   */
  record Played(
      long seed,
      int operations,
      int sends,
      int calls,
      int broken,
      int orphans,
      List<String> violations) {}

  /** Done on a thread of its own. */
  static <T> CompletableFuture<T> run(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }

  private static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, task -> Thread.ofVirtual().start(task));
  }

  static CompletableFuture<Void> allOf(Stream<CompletableFuture<Void>> all) {
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  /** What one of the clients does, one thing after the other. */
  private final class Part {
    private final int number;
    private final int operations;
    private final Random random;
    private final List<Sent> mine = new ArrayList<>();
    private final CompletableFuture<Void> halfway = new CompletableFuture<>();

    Part(int number, int operations) {
      this.number = number;
      this.operations = operations;
      this.random = new Random(seed * 31 + number);
    }

    void play() {
      try {
        IntStream.range(0, operations / 2).forEach(this::take);
      } finally {
        halfway.complete(null);
      }
      round.middle().join();
      if (number == 0) {
        Reply held = Reply.held("held", round.over().future(), () -> underWay.complete(null));
        client.send(ask("held", anywhere(), null, held), new Manner(MORTAL, coin(), waits(), 0));
        underWay.complete(null);
      }
      IntStream.range(operations / 2, operations).forEach(this::take);
    }

    private void take(int step) {
      Operation drawn = mix.draw(random);
      String name = number + "-" + step;
      if (drawn.isOfEarlier() && !mine.isEmpty()) {
        takeUp(drawn, mine.get(random.nextInt(mine.size())), name);
      } else {
        begin(drawn, name);
      }
    }

    private void takeUp(Operation operation, Sent earlier, String name) {
      switch (operation) {
        case REPEAT -> client.send(earlier, manner());
        case MISUSE_KEY -> client.misuseKey(earlier, node());
        case STOP_LATE -> client.stop(earlier, node());
        case DELETE_MESSAGES -> delete(earlier);
        case REUSE_KEY -> {
          delete(earlier);
          askAnew(earlier);
        }
        case REPLACE_DELETED -> {
          mine.remove(earlier);
          deleteQuestion(earlier);
          send(ask(name, earlier.conversation, earlier, reply(name)));
        }
        default -> send(ask(name, earlier.conversation, earlier, reply(name)));
      }
    }

    private void begin(Operation operation, String name) {
      switch (operation) {
        case LOOK -> client.look(shared(), node());
        case HANG_UP -> hangUp(ask(name, shared(), null, reply(name)));
        case STOP -> stop(ask(name, anywhere(), null, Reply.stalled(round.vertx())));
        case DELETE_GROWING -> deleteGrowing(name);
        case DELETE_CONVERSATION -> deleteConversation();
        case ASK_TWICE -> {
          Sent next = ask(name, anywhere(), null, reply(name));
          CompletableFuture<Void> twin = sending(next, manner());
          send(next);
          twin.join();
        }
        default -> send(ask(name, anywhere(), null, reply(name)));
      }
    }

    private void send(Sent next) {
      client.send(next, manner());
      if (next.wasOpened()) {
        mine.add(next);
      }
    }

    private CompletableFuture<Void> sending(Sent next, Manner manner) {
      return run(() -> client.send(next, manner));
    }

    /** Whether the server got all of it or not: sent again, it is answered once. */
    private void hangUp(Sent next) {
      client.hangUp(next, node(), coin() ? 1 : random.nextDouble(), random.nextInt(40));
      client.send(next, manner());
    }

    private void stop(Sent next) {
      CompletableFuture<Void> sending =
          sending(next, new Manner(node(), true, waits(), random.nextInt(3)));
      CompletableFuture.anyOf(next.meta, sending).join();
      if (next.wasOpened()) {
        client.stop(next, node());
      }
      sending.join();
    }

    /** The answer, the question, or both; the key means nothing afterwards. */
    private void delete(Sent earlier) {
      mine.remove(earlier);
      int what = random.nextInt(3);
      if (what != 0) {
        client.deleteMessage(earlier.answer(), earlier.conversation, node());
      }
      if (what != 1) {
        deleteQuestion(earlier);
      }
    }

    private void deleteQuestion(Sent earlier) {
      client.deleteMessage(earlier.questions.iterator().next(), earlier.conversation, node());
    }

    /** Under the key of what was deleted: it is a question that nobody has asked. */
    private void askAnew(Sent earlier) {
      Sent next = earlier.anew();
      history.add(next);
      round.asked().put(next.content, next);
      send(next);
    }

    /** At the node that writes the answer, or at the other one, which cannot tell it to stop. */
    private void deleteGrowing(String name) {
      boolean there = coin();
      boolean whole = coin();
      Reply reply = there ? Reply.stalled(round.vertx()) : slow(name);
      Sent next = ask(name, whole ? null : anywhere(), null, reply);
      CompletableFuture<Void> sending = sending(next, new Manner(node(), true, waits(), 0));
      CompletableFuture.anyOf(next.meta, sending).join();
      if (next.meta.isDone()) {
        int node = there ? next.node : 1 - next.node;
        if (whole) {
          client.deleteConversation(next.conversation, node);
        } else {
          client.deleteMessage(next.answer(), next.conversation, node);
        }
      }
      sending.join();
    }

    /** With all that grows there, and another one takes its place. */
    private void deleteConversation() {
      int place = random.nextInt(conversations.length());
      client.deleteConversation(conversations.get(place), node());
      conversations.set(place, client.newConversation());
    }

    private Sent ask(
        String name, @Nullable String conversation, @Nullable Sent replaced, Reply reply) {
      String key = seed + "-" + name;
      String content = "Question " + key + "?";
      JsonObject body = new JsonObject().put("content", content).put("model_id", round.model());
      if (replaced != null) {
        body.put("replaces_message_id", replaced.questions.iterator().next());
      }
      Sent sent = new Sent(key, content, conversation, body, replaced, reply);
      history.add(sent);
      round.asked().put(content, sent);
      return sent;
    }

    private Reply reply(String name) {
      if (random.nextInt(100) < faults) {
        return Reply.cut();
      }
      return switch (random.nextInt(8)) {
        case 0 -> Reply.refused();
        case 1, 2, 3, 4 -> slow(name);
        default -> Reply.atOnce(seed + "-" + name);
      };
    }

    private Reply slow(String name) {
      return Reply.slow(seed + "-" + name, round.vertx(), 10 + random.nextInt(40));
    }

    private String shared() {
      return conversations.get(random.nextInt(conversations.length()));
    }

    /** Null for a new one. */
    private @Nullable String anywhere() {
      return random.nextInt(8) == 0 ? null : shared();
    }

    private Manner manner() {
      return new Manner(node(), coin(), waits(), random.nextInt(4));
    }

    private boolean waits() {
      return random.nextInt(2) < waiting;
    }

    private int node() {
      return random.nextInt(2);
    }

    private boolean coin() {
      return random.nextBoolean();
    }
  }
}
