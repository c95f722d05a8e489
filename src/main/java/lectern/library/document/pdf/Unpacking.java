package lectern.library.document.pdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import lectern.library.document.Unreadable;

/**
 * A look at every packed stream of a file before a parser is let near it: the parser unpacks
 * streams whole into memory, and some kilobytes can unpack to gigabytes. Pictures are passed over;
 * nobody unpacks them here.
 */
final class Unpacking {
  /** Tables and text of large documents have some megabytes. */
  private static final long STREAM_BYTES = 128L << 20;

  private static final byte[] WORD = {'s', 't', 'r', 'e', 'a', 'm'};
  private static final int DICTIONARY = 4096;
  private static final int PIECE = 64 << 10;

  private final MappedByteBuffer file;
  private final Budget budget;
  private final byte[] in = new byte[PIECE];
  private final byte[] out = new byte[PIECE];

  private Unpacking(MappedByteBuffer file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  /** Fails when any stream unpacks to more than a document needs. */
  static void check(Path path, Budget budget) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      new Unpacking(bytes, budget).check();
    }
  }

  static Unreadable tooLarge() {
    return new Unreadable("This PDF unpacks to more than can be read.");
  }

  private void check() {
    int at = next(0);
    while (at >= 0) {
      at = next(Math.max(at, checked(at)));
    }
  }

  /** Where the content of the next stream begins; below 0 when there is none. */
  private int next(int from) {
    for (int i = from; i + WORD.length + 2 < file.limit(); i++) {
      if (file.get(i) == 's' && isWord(i) && (i == 0 || file.get(i - 1) != 'd')) {
        int at = i + WORD.length;
        at += file.get(at) == '\r' ? 1 : 0;
        return at + (file.get(at) == '\n' ? 1 : 0);
      }
    }
    return -1;
  }

  private boolean isWord(int at) {
    for (int i = 1; i < WORD.length; i++) {
      if (file.get(at + i) != WORD[i]) {
        return false;
      }
    }
    return true;
  }

  /** Unpacks and throws away; where that ends. */
  private int checked(int at) {
    budget.check();
    if (at + 2 > file.limit() || !isPacked(file.get(at), file.get(at + 1)) || isPicture(at)) {
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

  private int unpack(int at, Inflater first, Inflater second) throws DataFormatException {
    long length = 0;
    int fed = at;
    boolean twice = false;
    while (!first.finished()) {
      if (first.needsInput()) {
        int count = Math.min(PIECE, file.limit() - fed);
        if (count == 0) {
          break;
        }
        file.get(fed, in, 0, count);
        first.setInput(in, 0, count);
        fed += count;
      }
      int count = first.inflate(out);
      twice |= length == 0 && count > 1 && isPacked(out[0], out[1]);
      length += count;
      if (length > STREAM_BYTES || (twice && unpacksTooFar(second, count))) {
        throw tooLarge();
      }
      if (count == 0 && first.needsDictionary()) {
        break;
      }
    }
    return (int) first.getBytesRead();
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

  private static boolean isPacked(byte one, byte two) {
    int first = one & 0xff;
    return (first & 0x0f) == 8 && ((first << 8) | (two & 0xff)) % 31 == 0;
  }

  /** Only what says so, and could not be taken for anything else. */
  private boolean isPicture(int at) {
    int from = Math.max(0, at - DICTIONARY);
    byte[] bytes = new byte[at - from];
    file.get(from, bytes);
    String before = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    int begin = before.lastIndexOf(" obj");
    String dictionary = begin < 0 ? "" : before.substring(begin);
    return dictionary.contains("/Image")
        && !dictionary.contains("/ObjStm")
        && !dictionary.contains("/XRef")
        && !dictionary.contains("#");
  }
}
