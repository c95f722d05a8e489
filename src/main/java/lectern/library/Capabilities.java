package lectern.library;

import java.util.Set;

/** What can be done with a document; what a page shows follows these, never the status. */
public record Capabilities(
    boolean canRead,
    boolean canHighlight,
    boolean canQuote,
    boolean canSearch,
    boolean canPlay,
    boolean canDownloadFile) {

  /** The states from which a document is read. */
  private static final Set<String> READY = Set.of("ready_for_reading", "embedding", "ready");

  /**
   * The capabilities of a document.
   *
   * @param file whether its original is stored
   * @param playable whether there is anything to play
   * @param plainText whether text came out of it
   */
  public static Capabilities of(
      String kind,
      String status,
      String errorCode,
      boolean file,
      boolean playable,
      boolean plainText) {
    boolean ready = READY.contains(status);
    boolean silent = status.equals("failed") && errorCode.equals("E_TRANSCRIPT_UNAVAILABLE");
    boolean read = kind.equals("pdf") ? file : ready;
    boolean quote = read && (!kind.equals("pdf") || plainText);
    return new Capabilities(read, read, quote, quote, playable && (ready || silent), file);
  }

  /** Whether text of a document in this state can be marked. */
  public static boolean isReady(String status) {
    return READY.contains(status);
  }
}
