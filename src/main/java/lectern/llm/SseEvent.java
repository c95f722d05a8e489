package lectern.llm;

/**
 * One event of a {@code text/event-stream}.
 *
 * @param name the event's name, "message" when the stream gives none
 * @param data its data lines joined by line feeds
 */
record SseEvent(String name, String data) {
  /** No event's name: it has a line feed in it. */
  private static final String STRAY = "\n";

  /** Lines that belong to no event and look like JSON: some servers put their errors so. */
  static SseEvent stray(String lines) {
    return new SseEvent(STRAY, lines);
  }

  boolean isStray() {
    return name.equals(STRAY);
  }
}
