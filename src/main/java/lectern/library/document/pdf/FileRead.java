package lectern.library.document.pdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadView;

/** A file as PDFBox reads it, a window of it in memory. The channel under it stays open. */
final class FileRead implements RandomAccessRead {
  private static final int WINDOW = 64 << 10;

  private final SeekableByteChannel channel;
  private final long length;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
  private long windowAt;
  private long position;
  private boolean closed;

  FileRead(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.length = channel.size();
    window.limit(0);
  }

  /** The byte at a place, wherever the position is; below 0 past the end. */
  int at(long place) throws IOException {
    if (place < 0 || place >= length) {
      return -1;
    }
    if (place < windowAt || place >= windowAt + window.limit()) {
      load(place);
    }
    return window.get((int) (place - windowAt)) & 0xff;
  }

  private void load(long place) throws IOException {
    window.clear();
    channel.position(place);
    while (window.hasRemaining() && channel.read(window) >= 0) {
      // Reads on.
    }
    window.flip();
    windowAt = place;
    if (!window.hasRemaining()) {
      throw new IOException("the file became shorter");
    }
  }

  /** Reads as many bytes as are there. */
  int read(long place, byte[] bytes) throws IOException {
    seek(Math.min(place, length));
    return Math.max(0, read(bytes, 0, bytes.length));
  }

  @Override
  public int read() throws IOException {
    int b = at(position);
    position += b < 0 ? 0 : 1;
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    if (position >= length) {
      return -1;
    }
    int done = 0;
    while (done < count && at(position) >= 0) {
      int from = (int) (position - windowAt);
      int more = Math.min(count - done, window.limit() - from);
      window.get(from, bytes, offset + done, more);
      done += more;
      position += more;
    }
    return done;
  }

  @Override
  public long getPosition() {
    return position;
  }

  @Override
  public void seek(long place) throws IOException {
    if (place < 0) {
      throw new IOException("before the beginning of the file");
    }
    position = Math.min(place, length);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isEOF() {
    return position >= length;
  }

  @Override
  public RandomAccessReadView createView(long start, long count) throws IOException {
    return new RandomAccessReadView(this, start, count);
  }

  @Override
  public void close() {
    closed = true;
  }
}
