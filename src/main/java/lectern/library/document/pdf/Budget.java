package lectern.library.document.pdf;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import lectern.library.document.Unreadable;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.filter.DecodeOptions;
import org.apache.pdfbox.filter.FilterFactory;

/** What one document may take: time, and bytes that its packed streams unpack to. */
final class Budget {
  /** The longest text of one page or of one form drawn on it; a long page has some 100 KiB. */
  static final int STREAM_BYTES = 32 << 20;

  /** What a single packing of so many bytes unpacks to is below the bound in any case. */
  private static final int SURELY_SMALL = STREAM_BYTES / 1_040;

  private final long deadline;

  Budget(Duration time) {
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /** Fails when the time is over. */
  void check() {
    if (System.nanoTime() - deadline > 0) {
      throw new Unreadable("This PDF takes too long to read.");
    }
  }

  /** Fails when the stream unpacks to more than any page needs, before anybody unpacks it whole. */
  void checkSize(COSStream stream) throws IOException {
    check();
    List<COSName> filters = filters(stream);
    if (filters.isEmpty() || (filters.size() == 1 && stream.getLength() < SURELY_SMALL)) {
      return;
    }
    try (InputStream packed = stream.createRawInputStream()) {
      InputStream in = packed;
      for (int i = 0; i < filters.size(); i++) {
        Limited out = new Limited(i == filters.size() - 1);
        FilterFactory.INSTANCE
            .getFilter(filters.get(i))
            .decode(in, out, stream, i, DecodeOptions.DEFAULT);
        in = out.content();
      }
    }
  }

  private static List<COSName> filters(COSStream stream) {
    return switch (stream.getFilters()) {
      case null -> List.of();
      case COSName one -> List.of(one);
      case org.apache.pdfbox.cos.COSArray many ->
          many.toList().stream()
              .filter(COSName.class::isInstance)
              .map(COSName.class::cast)
              .limit(8)
              .toList();
      default -> List.of();
    };
  }

  /** Takes so many bytes and no more; keeps them only where another filter needs them. */
  private static final class Limited extends OutputStream {
    private final boolean last;
    private final java.io.ByteArrayOutputStream kept = new java.io.ByteArrayOutputStream();
    private long length;

    Limited(boolean last) {
      this.last = last;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      length += count;
      if (length > STREAM_BYTES) {
        throw Unpacking.tooLarge();
      }
      if (!last) {
        kept.write(bytes, from, count);
      }
    }

    InputStream content() {
      return new java.io.ByteArrayInputStream(kept.toByteArray());
    }
  }
}
