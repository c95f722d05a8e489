package lectern.llm;

/**
 * One event of a {@code text/event-stream}.
 *
 * @param name the event's name, "message" when the stream gives none
 * @param data its data lines joined by line feeds
 */
record SseEvent(String name, String data) {}
