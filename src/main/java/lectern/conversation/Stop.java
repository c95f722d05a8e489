package lectern.conversation;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;

/** Stops a growing answer; what has come is kept. An answer that has ended stays as it is. */
public record Stop(UUID viewer, UUID messageId) {
  /** Answered with the message as it stands after the stop. */
  public static final Address<Stop, Message> ADDRESS =
      Address.of("message.stop", Stop.class, Message.class).patience(Duration.ofSeconds(10));

  /** The same, from the node that was asked to the owner of the answer. */
  record Halt(UUID messageId) {
    static Address<Halt, Nothing> at(String owner) {
      return Address.of(owner + ".halt", Halt.class, Nothing.class).patience(Duration.ofSeconds(8));
    }
  }
}
