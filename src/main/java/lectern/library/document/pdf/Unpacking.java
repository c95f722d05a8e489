package lectern.library.document.pdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import lectern.library.document.Unreadable;

/**
 * A look at every packed stream of a file before a parser is let near it: the parser unpacks
 * streams whole into memory, and some kilobytes can unpack to gigabytes. Pictures are passed over;
 * nobody unpacks them here.
 */
final class Unpacking {
  /** Tables and text of large documents have some megabytes, fonts of all of Unicode thirty. */
  private static final long STREAM_BYTES = 64L << 20;

  /** All streams of a file together; a text of five thousand pages has a quarter of it. */
  private static final long FILE_BYTES = 1L << 30;

  /** Where streams are locked, what unpacks to less in any case. */
  private static final long LOCKED_BYTES = STREAM_BYTES / 1_040;

  private static final byte[] WORD = {'s', 't', 'r', 'e', 'a', 'm'};
  private static final int DICTIONARY = 4096;
  private static final int PIECE = 64 << 10;

  private final FileRead file;
  private final Budget budget;
  private long total;
  private final byte[] in = new byte[PIECE];
  private final byte[] out = new byte[PIECE];

  private Unpacking(FileRead file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  /** Fails when any stream unpacks to more than a document needs. */
  static void check(FileRead file, Budget budget) throws IOException {
    new Unpacking(file, budget).check();
  }

  static Unreadable tooLarge() {
    return new Unreadable("This PDF unpacks to more than can be read.");
  }

  private void check() throws IOException {
    long at = next(0);
    while (at >= 0) {
      at = next(Math.max(at, checked(at)));
    }
  }

  /** Where the content of the next stream begins; below 0 when there is none. */
  private long next(long from) throws IOException {
    for (long i = from; i + WORD.length < file.length(); i++) {
      if ((i & 0xfffff) == 0) {
        budget.check();
      }
      if (file.at(i) == 's' && isWord(i)) {
        long at = i + WORD.length;
        at += file.at(at) == '\r' ? 1 : 0;
        return at + (file.at(at) == '\n' ? 1 : 0);
      }
    }
    return -1;
  }

  private boolean isWord(long at) throws IOException {
    return isAt(at) && (at == 0 || file.at(at - 1) != 'd');
  }

  private boolean isAt(long at) throws IOException {
    for (int i = 0; i < WORD.length; i++) {
      if (file.at(at + i) != WORD[i]) {
        return false;
      }
    }
    return true;
  }

  /** Unpacks and throws away; where that ends. */
  private long checked(long at) throws IOException {
    budget.check();
    String dictionary = dictionary(at);
    if (isPicture(dictionary)) {
      return at;
    }
    if (!isPacked(file.at(at), file.at(at + 1))) {
      checkLocked(at, dictionary);
      return at;
    }
    Inflater first = new Inflater();
    Inflater second = new Inflater();
    try {
      return at + unpack(at, first, second);
    } catch (DataFormatException e) { // What the parser makes of it is less than what came out.
      return at;
    } finally {
      first.end();
      second.end();
    }
  }

  private long unpack(long at, Inflater first, Inflater second)
      throws IOException, DataFormatException {
    long length = 0;
    long fed = at;
    boolean twice = false;
    while (!first.finished()) {
      if (first.needsInput()) {
        int count = file.read(fed, in);
        if (count == 0) {
          break;
        }
        budget.check();
        first.setInput(in, 0, count);
        fed += count;
      }
      int count = first.inflate(out);
      twice |= length == 0 && count > 1 && isPacked(out[0] & 0xff, out[1] & 0xff);
      length += count;
      total += count;
      if (length > STREAM_BYTES || total > FILE_BYTES || (twice && unpacksTooFar(second, count))) {
        throw tooLarge();
      }
      if (count == 0 && first.needsDictionary()) {
        break;
      }
    }
    return first.getBytesRead();
  }

  /** Packed twice: each piece is unpacked again. */
  private boolean unpacksTooFar(Inflater inflater, int count) {
    byte[] again = new byte[PIECE];
    inflater.setInput(ByteBuffer.wrap(out, 0, count));
    try {
      int more;
      do {
        more = inflater.inflate(again);
      } while (more > 0 && inflater.getBytesWritten() <= STREAM_BYTES);
    } catch (DataFormatException e) {
      return false;
    }
    return inflater.getBytesWritten() > STREAM_BYTES;
  }

  private static boolean isPacked(int first, int second) {
    return (first & 0x0f) == 8 && second >= 0 && ((first << 8) | second) % 31 == 0;
  }

  /** What stands between the beginning of the object and its stream; empty when that is far. */
  private String dictionary(long at) throws IOException {
    long from = Math.max(0, at - DICTIONARY);
    byte[] bytes = new byte[(int) (at - from)];
    file.read(from, bytes);
    String before = new String(bytes, ISO_8859_1);
    int begin = before.lastIndexOf(" obj");
    return begin < 0 ? "" : before.substring(begin);
  }

  /** Only what says so, and could not be taken for anything else. */
  private static boolean isPicture(String dictionary) {
    return dictionary.contains("/Image")
        && !dictionary.contains("/ObjStm")
        && !dictionary.contains("/XRef")
        && !dictionary.contains("#");
  }

  /**
   * A stream of objects that does not begin like a packed one is locked, and is unpacked before
   * anybody can look: only what is small enough in any case gets that far. What else is locked is
   * looked at when it is wanted.
   */
  private void checkLocked(long at, String dictionary) throws IOException {
    if (!dictionary.contains("/ObjStm") && !dictionary.contains("#")) {
      return;
    }
    boolean once = dictionary.indexOf("Decode") == dictionary.lastIndexOf("Decode");
    for (long i = at; i < file.length(); i++) {
      if (file.at(i) == 'e' && file.at(i + 1) == 'n' && file.at(i + 2) == 'd' && isAt(i + 3)) {
        return;
      }
      if (i - at > (once ? LOCKED_BYTES : 0) && dictionary.contains("Decode")) {
        throw tooLarge();
      }
    }
  }
}
