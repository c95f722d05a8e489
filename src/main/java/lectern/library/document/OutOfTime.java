package lectern.library.document;

/** A file that no text was made of in the time there is for it. */
public final class OutOfTime extends Unreadable {
  private static final long serialVersionUID = 1;

  OutOfTime() {
    super("This document takes too long to read.");
  }
}
