package lectern.llm;

/** Reads one answer, event by event, and says what it means. Says one end, or has one asked for. */
interface AnswerStream {

  void read(SseEvent event);

  /** Whether nothing but the end of the bytes is missing, so that there is no use in waiting. */
  boolean whole();

  /**
   * Whether the rest of the answer has to be asked for; the question then is the one that asks for
   * it. Called when the bytes have ended.
   */
  boolean goesOn(Question question);

  /** The bytes have ended, and there is no rest to ask for. */
  void end();
}
