package lectern.conversation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
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

  private final Bus bus;
  private final AtomicInteger following;
  private final int attempt;
  private final StringBuilder text = new StringBuilder();
  private final Map<UUID, Follower> followers = new HashMap<>();
  private boolean thinking;
  private @Nullable End end;

  /**
   * @param following counts the followers of all answers
   */
  Growing(Bus bus, AtomicInteger following, int attempt) {
    this.bus = bus;
    this.following = following;
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
    wakeAll();
  }

  /** The model thinks; worth telling until the first words are there. */
  void think() {
    if (!thinking && text.isEmpty()) {
      thinking = true;
      wakeAll();
    }
  }

  /** Nothing comes after this; every follower gets the rest, and then this. */
  void end(End how) {
    end = how;
    wakeAll();
  }

  /** Some leave when they are woken. */
  private void wakeAll() {
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
      following.incrementAndGet();
    }
    follower.wake();
  }

  void unfollow(UUID watcher) {
    if (followers.remove(watcher) != null) {
      following.decrementAndGet();
    }
  }

  /** One watcher's place in the text. One batch is under way at a time. */
  private final class Follower {
    private final Follow wanted;
    private int sent;
    private boolean busy;
    private boolean toldThinking;

    Follower(Follow wanted, int sent) {
      this.wanted = wanted;
      this.sent = sent;
    }

    /** Sends what there is, unless the last batch is still under way, or nobody is to be told. */
    void wake() {
      boolean news = wanted.text() && (sent < text.length() || hasThinkingToTell());
      if (!busy && (news || end != null) && followers.get(wanted.watcher()) == this) {
        busy = true;
        send();
      }
    }

    private boolean hasThinkingToTell() {
      return thinking && !toldThinking && text.isEmpty();
    }

    private void send() {
      int upTo = wanted.text() ? Math.min(text.length(), sent + BATCH) : sent;
      boolean last = end != null && (upTo == text.length() || !wanted.text());
      Place from = new Place(attempt, sent);
      boolean tellThinking = wanted.text() && hasThinkingToTell();
      toldThinking |= tellThinking;
      Batch batch =
          new Batch(
              wanted.watcher(), from, text.substring(sent, upTo), tellThinking, last ? end : null);
      bus.ask(Batch.at(wanted.mailbox()), batch)
          .onSuccess(_ -> taken(upTo, last))
          .onFailure(_ -> leave());
    }

    /** Its watcher may be followed anew by now, and that one stays. */
    private void leave() {
      if (followers.remove(wanted.watcher(), this)) {
        following.decrementAndGet();
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
