package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.PromptStore.Earlier;
import lectern.conversation.Stop.Halt;
import lectern.conversation.Turns.Closing;
import lectern.conversation.Turns.Turn;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Follow;
import lectern.conversation.Watch.Unfollow;
import lectern.keys.Key;
import lectern.llm.Delta;
import lectern.llm.FinishReason;
import lectern.llm.Generate;
import lectern.llm.Limits;
import lectern.llm.LlmAddresses;
import lectern.llm.LlmFailure;
import lectern.llm.Outcome;
import lectern.llm.Outcome.Receipt;
import lectern.llm.Prompt;
import lectern.llm.Report;
import lectern.models.Pick.Way;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that grow on one verticle instance, from the opened turn to the stored end.
 *
 * <p>An answer is asked for once; what comes is appended in memory and followed from there; the end
 * is written in one statement that can only succeed once, and only then told. Nobody who follows
 * can hold an answer up, and nobody who leaves can stop one.
 */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  /** UTF-16 units of an answer that are kept; then it is cut, and the provider is stopped. */
  static final int MAX_CONTENT = 50_000;

  private static final String CUT = "\n\n*The answer was cut here: it is longer than can be kept.*";

  /**
   * Past the longest patience a provider is given; only a node of model callers that died is this
   * late.
   */
  private static final long LOST_MS = Duration.ofMinutes(22).toMillis();

  /** Waits between attempts to store an end while the database is away; the last one repeats. */
  private static final long[] CLOSE_AGAIN_MS = {100, 400, 1_500, 5_000, 15_000, 30_000, 70_000};

  /**
   * An answer that was opened so long ago and is not known here was never heard of: the connection
   * broke between the writing and the reply. Nobody waits that long for a lock.
   */
  private static final double STRAY_SECONDS = 30;

  private static final long STRAYS_MS = Duration.ofSeconds(5).toMillis();

  private final Vertx vertx;
  private final Bus bus;
  private final Pool pool;
  private final Turns turns;
  private final AnswerMeters meters;
  private final String owner;
  private final AtomicInteger following = new AtomicInteger();
  private final Map<UUID, Answer> byMessage = new HashMap<>();
  private final Map<UUID, Answer> byGeneration = new HashMap<>();

  Answers(Vertx vertx, Bus bus, Pool pool, AnswerMeters meters, String owner) {
    this.vertx = vertx;
    this.bus = bus;
    this.pool = pool;
    this.turns = new Turns(pool);
    this.meters = meters;
    this.owner = owner;
    meters.watch(byMessage, following);
  }

  /** Answers at this owner's addresses, registered once for all its answers. */
  Future<?> open() {
    vertx.setPeriodic(STRAYS_MS, _ -> endStrays());
    return Future.all(
        bus.answer(Follow.at(owner), this::follow),
        bus.answer(Unfollow.at(owner), this::unfollow),
        bus.answer(Halt.at(owner), this::halt),
        bus.answer(LlmAddresses.mailbox(owner), this::hear));
  }

  /** Asks the model; the answer grows from here on, whoever follows it. */
  void begin(Admitted admitted, Turn turn, Future<List<Earlier>> earlier) {
    Answer answer = new Answer(admitted, turn);
    byMessage.put(turn.assistantMessageId(), answer);
    byGeneration.put(answer.generation, answer);
    earlier
        .map(turns -> Prompts.after(turns, admitted.prompt(), admitted.model()))
        .onSuccess(answer::ask)
        .onFailure(answer::refused);
  }

  /** Completes when every answer has ended and its end is stored. */
  Future<Void> drained() {
    return Future.all(byMessage.values().stream().map(answer -> answer.stored.future()).toList())
        .mapEmpty();
  }

  private void endStrays() {
    GenerationStore.finaliseStrays(pool, owner, byMessage.keySet(), STRAY_SECONDS)
        .onSuccess(Orphans::finalised)
        .onFailure(failure -> log.warn("sweeper.failed: {}", failure.toString()));
  }

  private Future<Nothing> follow(Follow wanted) {
    Answer answer = byMessage.get(wanted.messageId());
    if (answer == null) {
      return Future.failedFuture(new Refusal(Code.E_NOT_FOUND, "This answer does not grow here."));
    }
    answer.growing.follow(wanted);
    return nothing();
  }

  private Future<Nothing> unfollow(Unfollow gone) {
    Answer answer = byMessage.get(gone.messageId());
    if (answer != null) {
      answer.growing.unfollow(gone.watcher());
    }
    return nothing();
  }

  private Future<Nothing> halt(Halt halt) {
    Answer answer = byMessage.get(halt.messageId());
    if (answer == null) {
      return nothing();
    }
    answer.cancel();
    return answer.stored.future();
  }

  /**
   * What the model callers report; each report is taken once. One of an answer that is not waited
   * for any more is refused, and with that its model is hung up on.
   */
  private Future<Nothing> hear(Report report) {
    Answer answer = byGeneration.get(report.generation());
    boolean known = answer != null && report.number() <= answer.heard;
    if (known) {
      return nothing();
    }
    if (answer == null || answer.ended) {
      return Future.failedFuture(
          new Refusal(Code.E_NOT_FOUND, "Nobody waits for this answer any more."));
    }
    answer.heard = report.number();
    answer.append(report.deltas());
    if (report.outcome() != null) {
      answer.end(report.outcome());
    }
    return nothing();
  }

  private static Future<Nothing> nothing() {
    return Future.succeededFuture(Nothing.NOTHING);
  }

  /** One answer: its text, the model behind it, and how it came to an end. */
  private final class Answer {
    private final Admitted admitted;
    private final UUID messageId;
    private final Generate.Place place;
    private final UUID generation = UUID.randomUUID();
    private final Growing growing = new Growing(bus, following, 1);
    private final Promise<Nothing> stored = Promise.promise();
    private final long began = System.nanoTime();
    private final long lost;
    private @Nullable String control;
    private @Nullable Duration retryAfter;
    private List<Way> ways;
    private List<Key.Used> uses = List.of();
    private boolean unwanted;
    private boolean cut;
    private boolean ended;
    private int heard;

    Answer(Admitted admitted, Turn turn) {
      this.admitted = admitted;
      this.ways = admitted.ways();
      this.place = new Generate.Place(turn.conversationId(), turn.assistantMessageId());
      this.messageId = turn.assistantMessageId();
      this.lost = vertx.setTimer(LOST_MS, _ -> end(failed(LlmFailure.Kind.TIMEOUT)));
    }

    void ask(Prompt prompt) {
      if (ended) {
        return;
      }
      if (unwanted) {
        end(new Outcome.Answered(FinishReason.CANCELLED, receipt()));
        return;
      }
      ways = admitted.ways(prompt);
      Generate generate =
          new Generate(
              generation,
              owner,
              prompt,
              ways.stream().map(Way::target).toList(),
              new Limits(Prompts.outputTokens(admitted.model())),
              place);
      bus.ask(LlmAddresses.GENERATE, generate)
          .onSuccess(
              accepted -> {
                control = accepted.control();
                if (unwanted) {
                  cancel();
                }
              })
          .onFailure(this::refused);
    }

    void append(List<Delta> deltas) {
      for (Delta delta : deltas) {
        switch (delta) {
          case Delta.Text text -> write(text.text());
          case Delta.Refusal refusal -> write(refusal.text());
          case Delta.Reasoning _ -> growing.think();
        }
      }
    }

    private void write(String text) {
      if (cut || ended) {
        return;
      }
      int room = MAX_CONTENT - growing.length();
      if (text.length() <= room) {
        growing.append(text);
        return;
      }
      cut = true;
      boolean splitsPair = room > 0 && Character.isHighSurrogate(text.charAt(room - 1));
      growing.append(text.substring(0, splitsPair ? room - 1 : room) + CUT);
      cancel();
    }

    /**
     * No more of it is wanted: whoever writes it is told so, as soon as it is known who that is.
     */
    void cancel() {
      unwanted = true;
      if (control != null) {
        bus.ask(LlmAddresses.control(control), new Generate.Cancel(generation))
            .onFailure(_ -> end(new Outcome.Answered(FinishReason.CANCELLED, receipt())));
      }
    }

    private void refused(Throwable failure) {
      if (!(failure instanceof Refusal)) {
        log.error("send.defect message {}", messageId, failure);
      }
      Code code = failure instanceof Refusal refusal ? refusal.code() : Code.E_INTERNAL;
      close(code == Code.E_UNAVAILABLE ? Code.E_LLM_PROVIDER_DOWN : code, "error", receipt());
    }

    private Outcome failed(LlmFailure.Kind kind) {
      return new Outcome.Failed(LlmFailure.of(kind), receipt());
    }

    private Receipt receipt() {
      return new Receipt(null, null, null, null, Duration.ofNanos(System.nanoTime() - began));
    }

    void end(Outcome outcome) {
      if (!ended) {
        uses = KeyUses.of(ways, outcome);
      }
      switch (outcome) {
        case Outcome.Answered answered -> close(null, word(answered.reason()), answered.receipt());
        case Outcome.Failed failed -> {
          retryAfter = failed.failure().retryAfter();
          close(failed.failure().code(), "error", failed.receipt());
        }
      }
    }

    private String word(FinishReason reason) {
      return (cut ? FinishReason.LENGTH : reason).word();
    }

    private void close(@Nullable Code code, String finishReason, Receipt receipt) {
      if (ended) {
        return;
      }
      ended = true;
      vertx.cancelTimer(lost);
      String errorCode = code == null ? null : code.name();
      store(
          new Closing(
              messageId,
              1,
              growing.text(),
              errorCode,
              finishReason,
              receipt.firstDelta() == null ? 0 : null,
              Receipts.usage(admitted, ways, receipt, retryAfter)),
          0);
    }

    /** Writes the end, again and again while the database is away; the text waits in memory. */
    private void store(Closing closing, int attempt) {
      turns
          .close(closing)
          .onSuccess(mine -> settled(closing, mine))
          .onFailure(failure -> storeLater(closing, attempt, failure));
    }

    private void storeLater(Closing closing, int attempt, Throwable failure) {
      int wait = Math.min(attempt, CLOSE_AGAIN_MS.length - 1);
      log.atWarn()
          .addKeyValue("assistant_message_id", messageId)
          .addKeyValue("retry_ms", CLOSE_AGAIN_MS[wait])
          .setCause(failure)
          .log("send.not_stored");
      vertx.setTimer(CLOSE_AGAIN_MS[wait], _ -> store(closing, attempt + 1));
    }

    /**
     * Somebody with a higher fence may have ended it: then theirs is the end that is told. How the
     * readers' keys were taken is so in any case.
     */
    private void settled(Closing closing, boolean mine) {
      uses.forEach(use -> bus.ask(Key.Used.ADDRESS, use));
      if (mine) {
        AnswerLog.completed(closing);
        meters.ended(closing);
        tell(endOf(closing));
      } else {
        log.atWarn().addKeyValue("assistant_message_id", messageId).log("send.ended_elsewhere");
        MessageStore.findEnd(pool, messageId)
            .otherwise(Optional.empty())
            .onSuccess(theirs -> tell(theirs.orElse(endOf(closing))));
      }
    }

    private void tell(End end) {
      byMessage.remove(messageId);
      byGeneration.remove(generation);
      growing.end(end);
      stored.tryComplete(Nothing.NOTHING);
    }
  }

  private static End endOf(Closing closing) {
    String code = closing.errorCode();
    return new End(
        code == null ? "complete" : "error",
        code,
        code == null ? null : Sentences.of(code),
        closing.finishReason(),
        closing.usage());
  }
}
