package lectern.conversation;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * Watching an answer. A watcher asks any node where the answer stands ({@link Watch}); while it
 * grows, asks its owner to deliver it from a place on ({@link Follow}); and gets it in batches at
 * its own mailbox ({@link Batch}), one at a time: the next is sent when the last was taken.
 */
public record Watch(UUID viewer, UUID messageId) {
  public static final Address<Watch, Standing> ADDRESS =
      Address.of("message.watch", Watch.class, Standing.class);

  /**
   * Where an answer stands.
   *
   * @param owner the bus address that grows it; null once it has ended, and {@code message} is all
   *     of it
   * @param attempt counts how often it was begun; offsets of one attempt mean nothing in another
   */
  public record Standing(Message message, String provider, @Nullable String owner, int attempt) {}

  /**
   * A place in an answer: so many UTF-16 units of its so-manieth attempt.
   *
   * <p>As text, {@code 1.532}: the event id of streams.
   */
  public record Place(int attempt, int offset) {
    public static final Place START = new Place(0, 0);

    /** Reads an event id; one that was not made here means the start. */
    public static Place parse(@Nullable String text) {
      if (text == null || !text.matches("[0-9]{1,6}\\.[0-9]{1,9}")) {
        return START;
      }
      int dot = text.indexOf('.');
      return new Place(
          Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    /** Whether the text of an attempt can be given from here on: not past it, not in a pair. */
    public boolean isIn(int ofAttempt, CharSequence text) {
      return attempt == ofAttempt
          && offset <= text.length()
          && (offset == 0
              || offset == text.length()
              || !Character.isSurrogatePair(text.charAt(offset - 1), text.charAt(offset)));
    }

    @Override
    public String toString() {
      return attempt + "." + offset;
    }
  }

  /**
   * Asks the owner of an answer to deliver it to a mailbox, from a place on.
   *
   * @param text false for a watcher that only wants to hear of the end
   */
  public record Follow(UUID messageId, UUID watcher, String mailbox, Place from, boolean text) {
    /** Where the owner of an answer is asked. */
    public static Address<Follow, Nothing> at(String owner) {
      return Address.of(owner + ".follow", Follow.class, Nothing.class);
    }
  }

  /** Tells the owner that nobody reads this mailbox any more. */
  public record Unfollow(UUID messageId, UUID watcher) {
    public static Address<Unfollow, Nothing> at(String owner) {
      return Address.of(owner + ".unfollow", Unfollow.class, Nothing.class);
    }
  }

  /**
   * More of an answer.
   *
   * @param from where {@code text} begins; a watcher at another place of another attempt starts
   *     over
   * @param thinking the model thinks, and has said no word yet; told once to whoever follows
   * @param end set on the last batch
   */
  public record Batch(UUID watcher, Place from, String text, boolean thinking, @Nullable End end) {
    /** At the watcher's mailbox. Its reply asks for the next batch. */
    public static Address<Batch, Nothing> at(String mailbox) {
      return Address.of(mailbox, Batch.class, Nothing.class).patience(TAKING);
    }

    /**
     * A watcher that has not taken a batch after this long is gone, or too slow to be waited for.
     */
    private static final Duration TAKING = Duration.ofSeconds(30);

    public Place to() {
      return new Place(from.attempt(), from.offset() + text.length());
    }

    @Override
    public String toString() {
      return "Batch[from=%s, text=%d]".formatted(from, text.length());
    }
  }

  /** How an answer ended. */
  public record End(
      String status,
      @Nullable String errorCode,
      @Nullable String errorMessage,
      @Nullable String finishReason,
      @Nullable AnswerUsage usage) {

    public static End of(Message message) {
      return new End(
          message.status(),
          message.errorCode(),
          message.errorMessage(),
          message.finishReason(),
          message.usage());
    }
  }
}
