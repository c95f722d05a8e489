package lectern.conversation;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.IdempotencyStore.Promise;
import lectern.conversation.Send.Opened;
import lectern.conversation.Stop.Halt;
import lectern.conversation.Turns.Turn;
import lectern.conversation.Watch.Standing;
import lectern.db.Database;
import lectern.db.Outages;
import lectern.library.Media;
import org.jspecify.annotations.Nullable;

/**
 * Owns the conversations' questions on the bus, and the answers that grow on this instance. Every
 * answer it opens names this instance's address as its owner.
 */
public final class ConversationVerticle extends VerticleBase {
  /** Rest between two looks whether the database is back. */
  private static final long AWAY_MS = 500;

  private final Bus bus;
  private final Database database;
  private final Pool pool;
  private final MeterRegistry metrics;
  private final SendLimits limits;
  private final UUID node;
  private final Duration drain;
  private final String owner = "conversation.answers." + UUID.randomUUID();
  private final Admission admission;
  private final Turns turns;
  private @Nullable Answers answers;
  private boolean stopping;

  /**
   * @param metrics where answers are counted
   * @param node whose beat says that this instance is alive
   * @param drain how long answers may go on growing once the server stops
   */
  public ConversationVerticle(
      Bus bus,
      Database database,
      MeterRegistry metrics,
      SendLimits limits,
      UUID node,
      Duration drain) {
    this.bus = bus;
    this.database = database;
    this.pool = database.pool();
    this.metrics = metrics;
    this.limits = limits;
    this.node = node;
    this.drain = drain;
    this.admission = new Admission(bus);
    this.turns = new Turns(pool);
  }

  @Override
  public Future<?> start() {
    answers = new Answers(vertx, bus, pool, new AnswerMeters(metrics), owner);
    return Future.join(
        List.of(
            answers.open(),
            bus.answer(Conversation.ListOwn.ADDRESS, this::list),
            bus.answer(Conversation.ListQuoting.ADDRESS, this::listQuoting),
            bus.answer(Conversation.Create.ADDRESS, this::create),
            bus.answer(Conversation.Find.ADDRESS, this::find),
            bus.answer(Conversation.Rename.ADDRESS, this::rename),
            bus.answer(Conversation.Delete.ADDRESS, this::delete),
            bus.answer(Message.ListOf.ADDRESS, this::listMessages),
            bus.answer(Message.Find.ADDRESS, this::findMessage),
            bus.answer(Message.Delete.ADDRESS, this::deleteMessage),
            bus.answer(Send.ADDRESS, this::send),
            bus.answer(Sent.Find.ADDRESS, this::findSent),
            bus.answer(Watch.ADDRESS, this::standing),
            bus.answer(Stop.ADDRESS, this::stopAnswer)));
  }

  /** Takes no new sends, and waits for what grows; what is left is found by the next sweep. */
  @Override
  public Future<?> stop() {
    stopping = true;
    return growing().drained().timeout(drain.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Answers growing() {
    if (answers == null) {
      throw new IllegalStateException("not started");
    }
    return answers;
  }

  private Future<Conversation.Listing> list(Conversation.ListOwn question) {
    return ConversationStore.list(pool, question.viewer(), question.limit(), question.cursor());
  }

  private Future<Conversation.Listing> listQuoting(Conversation.ListQuoting question) {
    return bus.ask(Media.Find.ADDRESS, new Media.Find(question.viewer(), question.mediaId()))
        .compose(
            media ->
                ConversationStore.listQuoting(
                    pool, question.viewer(), media.id(), question.limit(), question.cursor()));
  }

  private Future<Conversation> create(Conversation.Create question) {
    return ConversationStore.insert(pool, question.viewer());
  }

  private Future<Conversation> find(Conversation.Find question) {
    return ConversationStore.find(pool, question.viewer(), question.id());
  }

  private Future<Conversation> rename(Conversation.Rename question) {
    String title = Titles.onOneLine(question.title());
    if (Titles.isUnseen(title)) {
      throw new Refusal(Code.E_NAME_INVALID, "A title needs at least one character.");
    }
    return ConversationStore.rename(pool, question.viewer(), question.id(), title);
  }

  private Future<Nothing> delete(Conversation.Delete question) {
    return database
        .retried(() -> ConversationStore.delete(pool, question.viewer(), question.id()))
        .map(
            growing -> {
              growing.ifPresent(answer -> haltSilently(answer.owner(), answer.messageId()));
              return Nothing.NOTHING;
            });
  }

  private Future<Message.Listing> listMessages(Message.ListOf question) {
    return ConversationStore.find(pool, question.viewer(), question.conversationId())
        .compose(_ -> MessageStore.list(pool, question));
  }

  private Future<Message> findMessage(Message.Find question) {
    return MessageStore.find(pool, question.viewer(), question.id());
  }

  private Future<Nothing> deleteMessage(Message.Delete question) {
    return database
        .transaction(sql -> MessageStore.delete(sql, question.viewer(), question.id()))
        .map(
            growing -> {
              growing.ifPresent(name -> haltSilently(name, question.id()));
              return Nothing.NOTHING;
            });
  }

  /** Nobody will read this answer any more; it need not be paid for either. */
  private void haltSilently(String name, UUID messageId) {
    bus.ask(Halt.at(name), new Halt(messageId));
  }

  /**
   * Check, open, render, and let it grow. A repeated send finds the turn it opened the first time.
   */
  private Future<Opened> send(Send send) {
    if (stopping) {
      throw new Refusal(Code.E_UNAVAILABLE, "This server is stopping. Send again in a moment.");
    }
    Admission.checkKey(send);
    return promised(send)
        .compose(
            earlier ->
                earlier.isPresent()
                    ? Future.succeededFuture(replayed(send, earlier.get()))
                    : admission.check(pool, send).compose(this::open));
  }

  private Future<Optional<Promise>> promised(Send send) {
    return send.idempotencyKey() == null
        ? Future.succeededFuture(Optional.empty())
        : IdempotencyStore.find(pool, send.viewer(), send.idempotencyKey());
  }

  private static Opened replayed(Send send, Promise promise) {
    String hash = IdempotencyStore.hash(send, send.content().strip());
    if (!hash.equals(promise.payloadHash())) {
      throw Turns.mismatch();
    }
    return new Opened(
        promise.conversationId(),
        promise.userMessageId(),
        promise.assistantMessageId(),
        send.modelId(),
        promise.provider(),
        null);
  }

  private Future<Opened> open(Admitted admitted) {
    return database
        .retried(() -> turns.open(admitted, limits, owner, node))
        .onSuccess(turn -> grow(admitted, turn))
        .map(turn -> opened(admitted, turn));
  }

  private void grow(Admitted admitted, Turn turn) {
    if (!turn.replay()) {
      growing().begin(admitted, turn, earlier(turn));
    }
  }

  /** What was said before; while the database is away, when it is back. */
  private Future<List<PromptStore.Earlier>> earlier(Turn turn) {
    return turn.firstSeq() <= 1
        ? Future.succeededFuture(List.of())
        : PromptStore.listEarlier(pool, turn.conversationId(), turn.firstSeq(), Prompts.MAX_PROMPT)
            .recover(failure -> earlierLater(turn, failure));
  }

  private Future<List<PromptStore.Earlier>> earlierLater(Turn turn, Throwable failure) {
    return Outages.explain(failure).isEmpty()
        ? Future.failedFuture(failure)
        : vertx.timer(AWAY_MS, TimeUnit.MILLISECONDS).compose(_ -> earlier(turn));
  }

  private Opened opened(Admitted admitted, Turn turn) {
    return new Opened(
        turn.conversationId(),
        turn.userMessageId(),
        turn.assistantMessageId(),
        admitted.model().id(),
        admitted.model().provider(),
        turn.replay() ? null : owner);
  }

  private Future<Sent> findSent(Sent.Find question) {
    UUID asked = question.userMessageId();
    UUID answer = question.assistantMessageId();
    Future<Conversation> conversation =
        ConversationStore.find(pool, question.viewer(), question.conversationId());
    Future<Map<UUID, Message>> messages =
        MessageStore.findTwo(pool, question.viewer(), asked, answer);
    return Future.all(conversation, messages)
        .map(
            _ ->
                new Sent(
                    conversation.result(),
                    Objects.requireNonNull(messages.result().get(asked)),
                    Objects.requireNonNull(messages.result().get(answer))));
  }

  private Future<Standing> standing(Watch question) {
    return MessageStore.findStanding(pool, question.viewer(), question.messageId());
  }

  private Future<Message> stopAnswer(Stop question) {
    return standing(new Watch(question.viewer(), question.messageId()))
        .compose(
            standing ->
                standing.owner() == null
                    ? Future.succeededFuture(standing.message())
                    : bus.ask(Halt.at(standing.owner()), new Halt(question.messageId()))
                        .compose(
                            _ -> MessageStore.find(pool, question.viewer(), question.messageId())));
  }
}
