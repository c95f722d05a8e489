package lectern.llm;

import java.util.function.Consumer;

/** Something that answers prompts, always as a stream. */
interface Provider {

  /**
   * Asks, and hands on what is said, in order, on the event loop that asked. Never throws for what
   * the other side does: that is {@link Event.Failed}. Nothing is said before this method has
   * returned.
   */
  Upstream ask(Call call, Consumer<Event> events);
}
