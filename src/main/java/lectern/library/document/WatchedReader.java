package lectern.library.document;

import java.io.IOException;
import java.io.StringReader;

/** Gives a parser its text in short pieces, and between them looks whether it may go on. */
final class WatchedReader extends StringReader {

  /** Short enough that the worst piece is parsed within moments. */
  private static final int PIECE = 2048;

  private final Progress progress;

  WatchedReader(String text, Progress progress) {
    super(text);
    this.progress = progress;
  }

  @Override
  public int read(char[] into, int from, int length) throws IOException {
    progress.check();
    return super.read(into, from, Math.min(length, PIECE));
  }
}
