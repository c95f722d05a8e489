package lectern.library.document;

/** A file that no text can be made of; the message is a sentence for the reader who brought it. */
public class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Unreadable(String sentence) {
    super(sentence, null, false, false);
  }

  /** What the reader is told. */
  public final String sentence() {
    return String.valueOf(getMessage());
  }
}
