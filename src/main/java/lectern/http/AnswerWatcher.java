package lectern.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.conversation.Message;
import lectern.conversation.Watch;
import lectern.conversation.Watch.Batch;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Follow;
import lectern.conversation.Watch.Place;
import lectern.conversation.Watch.Standing;
import lectern.conversation.Watch.Unfollow;
import org.jspecify.annotations.Nullable;

/**
 * Follows one answer to its end, wherever it grows. While its owner delivers, it only listens; when
 * nothing has come for a while it asks the database where the answer stands, and so finds a new
 * owner, or the end, after a node has died.
 */
final class AnswerWatcher {
  /** The first wait before another look; each after it is twice as long. */
  private static final long SOONEST_MS = 250;

  /** The longest wait for an owner that cannot be reached: its answers end with the next sweep. */
  private static final long UNREACHED_MS = 2_000;

  /** The longest wait for a database that is away or has too much to do. */
  private static final long AWAY_MS = 8_000;

  private static final long NONE = -1;

  private final Vertx vertx;
  private final Bus bus;
  private final Mailbox mailbox;
  private final Duration quiet;
  private final UUID viewer;
  private final UUID messageId;
  private final Sink sink;
  private final UUID watcher = UUID.randomUUID();
  private final Promise<End> ended = Promise.promise();
  private @Nullable String owner;
  private Place place;
  private long heardAt = System.nanoTime();
  private long timer = NONE;
  private long again = NONE;
  private long wait = SOONEST_MS;
  private boolean looking;
  private boolean full;
  private boolean begun;
  private boolean toldThinking;
  private boolean hastened;
  private boolean closed;

  /**
   * Where the text goes.
   *
   * <p>{@code text} gets what follows on the place reached; {@code startOver} means that what was
   * given so far is void; {@code thinking} that the model thinks before its first word; {@code
   * beat} comes while nothing else does.
   */
  interface Sink {
    boolean wantsText();

    void startOver(Place place);

    void thinking(Place place);

    /** Completes when there is room for more. */
    Future<Void> text(String more, Place reached);

    void beat();
  }

  /**
   * @param quiet silence after which the standing is asked again; also the beat of keep-alive
   *     comments
   */
  AnswerWatcher(
      Vertx vertx,
      Bus bus,
      Mailbox mailbox,
      Duration quiet,
      UUID viewer,
      UUID messageId,
      Place from,
      Sink sink) {
    this.vertx = vertx;
    this.bus = bus;
    this.mailbox = mailbox;
    this.quiet = quiet;
    this.viewer = viewer;
    this.messageId = messageId;
    this.place = from;
    this.sink = sink;
  }

  /**
   * Begins with the owner a send just named. Completes with the end, or fails when nobody knows it.
   */
  Future<End> follow(@Nullable String knownOwner) {
    listen();
    if (knownOwner == null) {
      look();
    } else {
      followAt(knownOwner);
    }
    return ended.future();
  }

  /** Begins with where the answer was just found to stand. */
  Future<End> followFrom(Standing standing) {
    listen();
    stands(standing);
    return ended.future();
  }

  private void listen() {
    mailbox.register(watcher, this::take);
    timer = vertx.setPeriodic(quiet.toMillis(), _ -> tick());
  }

  /** The client has gone: nobody is to be told any more. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    vertx.cancelTimer(timer);
    vertx.cancelTimer(again);
    mailbox.unregister(watcher);
    if (owner != null && !ended.future().isComplete()) {
      bus.ask(Unfollow.at(owner), new Unfollow(messageId, watcher));
    }
  }

  private void tick() {
    sink.beat();
    if (!full && System.nanoTime() - heardAt > quiet.toNanos()) {
      look();
    }
  }

  /** One look at a time, and none planned beside it. */
  private void look() {
    vertx.cancelTimer(again);
    if (!looking && !closed) {
      looking = true;
      bus.ask(Watch.ADDRESS, new Watch(viewer, messageId))
          .onComplete(_ -> looking = false)
          .onSuccess(this::stands)
          .onFailure(this::lost);
    }
  }

  private void stands(Standing standing) {
    if (closed) {
      return;
    }
    if (standing.owner() == null) {
      finishFrom(standing.message(), standing.attempt());
    } else {
      followAt(standing.owner());
    }
  }

  private void followAt(String name) {
    owner = name;
    bus.ask(
            Follow.at(name),
            new Follow(messageId, watcher, mailbox.address(), place, sink.wantsText()))
        .onSuccess(_ -> wait = SOONEST_MS)
        .onFailure(_ -> lookAgain());
  }

  /** An answer may have ended just then, so the first look is at once; others take their time. */
  private void lookAgain() {
    if (hastened) {
      lookLater(UNREACHED_MS);
    } else {
      hastened = true;
      look();
    }
  }

  private void lookLater(long longest) {
    if (!closed) {
      vertx.cancelTimer(again);
      again = vertx.setTimer(Math.min(wait, longest), _ -> look());
      wait = Math.min(2 * wait, longest);
    }
  }

  /** The stored message is all of the answer: its content is exactly what was streamed. */
  private void finishFrom(Message message, int attempt) {
    String content = message.content();
    Place from = place.isIn(attempt, content) ? place : new Place(attempt, 0);
    take(new Batch(watcher, from, content.substring(from.offset()), false, End.of(message)));
  }

  private Future<Nothing> take(Batch batch) {
    if (closed || ended.future().isComplete()) {
      return Future.succeededFuture(Nothing.NOTHING);
    }
    heardAt = System.nanoTime();
    Batch news = begun ? withoutKnown(batch) : batch;
    begun = true;
    if (!news.from().equals(place)) {
      moveTo(news.from());
    }
    place = news.to();
    if (news.thinking() && !toldThinking) {
      toldThinking = true;
      sink.thinking(place);
    }
    Future<Void> room =
        news.text().isEmpty() || !sink.wantsText()
            ? Future.succeededFuture()
            : sink.text(news.text(), place);
    if (news.end() != null) {
      ended.tryComplete(news.end());
      close();
    }
    full = !room.isComplete();
    return room.map(
        _ -> {
          full = false;
          return Nothing.NOTHING;
        });
  }

  /** Asked anew after a silence, an owner may begin a little before what arrived meanwhile. */
  private Batch withoutKnown(Batch batch) {
    int known = place.offset() - batch.from().offset();
    if (batch.from().attempt() != place.attempt() || known <= 0) {
      return batch;
    }
    String text = batch.text().substring(Math.min(known, batch.text().length()));
    return new Batch(batch.watcher(), place, text, batch.thinking(), batch.end());
  }

  /**
   * The very first batch of a fresh stream begins an attempt; any other jump voids what was given.
   */
  private void moveTo(Place from) {
    if (!place.equals(Place.START)) {
      sink.startOver(from);
      toldThinking = false;
    }
    place = from;
  }

  private void lost(Throwable failure) {
    if (failure instanceof Refusal refusal && refusal.code() == Code.E_UNAVAILABLE) {
      lookLater(AWAY_MS);
      return;
    }
    ended.tryFail(failure);
    close();
  }
}
