package lectern.conversation;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.conversation.Watch.Batch;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Follow;
import lectern.conversation.Watch.Place;
import org.jspecify.annotations.Nullable;

/**
 * The text of an answer while it grows, and those who follow it.
 *
 * <p>The text is append-only and a place in it is a number, so a follower is nothing but an offset:
 * whatever lies beyond it is sent when its last batch has been taken. That is what bounds memory
 * with any number of slow followers, what makes resuming exact, and why no work per token grows
 * with the answer. Nothing here waits for a follower; one that does not take its batch is dropped
 * and comes back, if it lives, from the place it had reached.
 *
 * <p>Confined to the event loop of the verticle that owns it.
 */
final class Growing {
  /** UTF-16 units a batch carries at most; a late follower gets a long answer in several. */
  private static final int BATCH = 64 * 1024;

  private final Vertx vertx;
  private final Bus bus;
  private final Pace pace;
  private final int attempt;
  private final StringBuilder text = new StringBuilder();
  private final Map<UUID, Follower> followers = new HashMap<>();
  private boolean thinking;
  private @Nullable End end;

  Growing(Vertx vertx, Bus bus, Pace pace, int attempt) {
    this.vertx = vertx;
    this.bus = bus;
    this.pace = pace;
    this.attempt = attempt;
  }

  String text() {
    return text.toString();
  }

  int length() {
    return text.length();
  }

  void append(String more) {
    text.append(more);
    followers.values().forEach(Follower::wake);
  }

  /** The model thinks; worth telling until the first words are there. */
  void think() {
    if (!thinking && text.isEmpty()) {
      thinking = true;
      followers.values().forEach(Follower::wake);
    }
  }

  /** Nothing comes after this; every follower gets the rest, and then this. */
  void end(End how) {
    end = how;
    List.copyOf(followers.values()).forEach(Follower::wake);
  }

  /**
   * Delivers from a place on; a place that is not in this text means from the beginning. A watcher
   * that asks again is followed anew, in place of before.
   */
  void follow(Follow wanted) {
    boolean here = wanted.from().isIn(attempt, text);
    Follower follower = new Follower(wanted, here ? wanted.from().offset() : 0);
    if (followers.put(wanted.watcher(), follower) == null) {
      pace.joined();
    }
    follower.wake();
  }

  void unfollow(UUID watcher) {
    if (followers.remove(watcher) != null) {
      pace.left();
    }
  }

  /** One watcher's place in the text. One batch is under way at a time. */
  private final class Follower {
    private final Follow wanted;
    private int sent;
    private long sentAt;
    private boolean busy;
    private boolean toldThinking;

    Follower(Follow wanted, int sent) {
      this.wanted = wanted;
      this.sent = sent;
    }

    /** Sends what there is: at once after a quiet moment, else when the pace allows. */
    void wake() {
      boolean news = wanted.text() && (sent < text.length() || hasThinkingToTell());
      if (busy || (!news && end == null)) {
        return;
      }
      busy = true;
      long wait = end == null ? pace.millisUntil(sentAt) : 0;
      if (wait <= 0) {
        send();
      } else {
        vertx.setTimer(wait, _ -> send());
      }
    }

    private boolean hasThinkingToTell() {
      return thinking && !toldThinking && text.isEmpty();
    }

    private void send() {
      if (followers.get(wanted.watcher()) != this) {
        return;
      }
      int upTo = wanted.text() ? Math.min(text.length(), sent + BATCH) : sent;
      boolean last = end != null && (upTo == text.length() || !wanted.text());
      Place from = new Place(attempt, sent);
      boolean tellThinking = wanted.text() && hasThinkingToTell();
      toldThinking |= tellThinking;
      Batch batch =
          new Batch(
              wanted.watcher(), from, text.substring(sent, upTo), tellThinking, last ? end : null);
      sentAt = System.nanoTime();
      bus.ask(Batch.at(wanted.mailbox()), batch)
          .onSuccess(_ -> taken(upTo, last))
          .onFailure(_ -> leave());
    }

    /** Its watcher may be followed anew by now, and that one stays. */
    private void leave() {
      if (followers.remove(wanted.watcher(), this)) {
        pace.left();
      }
    }

    private void taken(int upTo, boolean last) {
      sent = upTo;
      busy = false;
      if (last) {
        leave();
      } else {
        wake();
      }
    }
  }
}
