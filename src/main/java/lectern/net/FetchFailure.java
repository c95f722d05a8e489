package lectern.net;

/** Why something could not be fetched, with a sentence for the reader who asked for it. */
public final class FetchFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of failure. */
  public enum Kind {
    /** Not a web address at all. */
    ADDRESS,
    /** A web address that this server does not ask. */
    BLOCKED,
    /** Nobody is there, or what is there does not speak HTTP. */
    UNREACHABLE,
    TIMEOUT,
    TOO_LARGE,
    /** Sent from one address to the next without end. */
    REDIRECTS,
    /** Of a content type that nobody wanted. */
    UNWANTED,
    /** The answer broke off, or cannot be unpacked. */
    BROKEN
  }

  private final Kind kind;

  FetchFailure(Kind kind, String sentence) {
    super(sentence, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** What a reader of the product is told; it names no address. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  static FetchFailure blocked() {
    return new FetchFailure(
        Kind.BLOCKED, "This address leads into a private network, where this server does not go.");
  }
}
