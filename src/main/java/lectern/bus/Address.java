package lectern.bus;

import java.time.Duration;

/**
 * A question that can be asked over the bus, and the shape of its answer.
 *
 * @param name the address on the bus, lower case with dots
 * @param question the record asked; the same record as JSON between nodes and over the bridge
 * @param answer the record answered
 * @param patience how long an asker waits; a node that was killed does not fail fast, so keep it
 *     short
 */
public record Address<Q, A>(String name, Class<Q> question, Class<A> answer, Duration patience) {

  /** An address answered within five seconds. */
  public static <Q, A> Address<Q, A> of(String name, Class<Q> question, Class<A> answer) {
    return new Address<>(name, question, answer, Duration.ofSeconds(5));
  }

  /** The same question with another patience. */
  public Address<Q, A> patience(Duration other) {
    return new Address<>(name, question, answer, other);
  }

  /** The same question at another address: one consumer's own mailbox, say. */
  public Address<Q, A> at(String other) {
    return new Address<>(other, question, answer, patience);
  }
}
