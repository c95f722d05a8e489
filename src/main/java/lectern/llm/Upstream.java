package lectern.llm;

/** An answer on its way, to be used on the event loop that asked for it. */
interface Upstream {

  /** Lets the other side wait; what is already here may still be said. */
  void pause();

  void resume();

  /** Hangs up, which is what stops the bill. Nothing more is said. Harmless at any time. */
  void cancel();
}
