package lectern.library.document.pdf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lectern.library.document.Progress;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.filter.DecodeOptions;
import org.apache.pdfbox.filter.FilterFactory;

/** What one document may take: time, and bytes that its packed streams unpack to. */
final class Budget {
  /** The longest text of one page or of one form drawn on it; a long page has some 100 KiB. */
  static final int STREAM_BYTES = 32 << 20;

  /** What a single packing of so many bytes unpacks to is below the bound in any case. */
  private static final int SURELY_SMALL = STREAM_BYTES / 1_040;

  /** Objects looked at for their size; a document has some thousand. */
  private static final int MOST_OBJECTS = 500_000;

  /** What of a page leads away from it. */
  private static final Set<COSName> ELSEWHERE =
      Set.of(COSName.PARENT, COSName.ANNOTS, COSName.B, COSName.STRUCT_PARENTS);

  private final Set<COSBase> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Progress progress;

  Budget(Progress progress) {
    this.progress = progress;
  }

  /** Fails when the time is over. */
  void check() {
    progress.check();
  }

  /** So many of all pages are read. */
  void reached(int done, int all) {
    progress.reached(done, all);
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

  /**
   * The same for every stream that a page leads to but for pictures. Needed where streams are
   * locked, and nobody could look at them before.
   */
  void checkSizes(COSBase start) throws IOException {
    Deque<COSBase> left = new ArrayDeque<>();
    left.push(start);
    while (!left.isEmpty() && seen.size() < MOST_OBJECTS) {
      COSBase next = left.pop();
      if (next instanceof COSObject reference) {
        next = reference.getObject();
      }
      if (next == null || !seen.add(next)) {
        continue;
      }
      switch (next) {
        case COSStream stream -> {
          if (!COSName.IMAGE.equals(stream.getCOSName(COSName.SUBTYPE))) {
            checkSize(stream);
          }
          pushAll(stream, left);
        }
        case COSDictionary dictionary -> pushAll(dictionary, left);
        case COSArray array -> array.forEach(left::push);
        default -> {}
      }
    }
  }

  private static void pushAll(COSDictionary dictionary, Deque<COSBase> left) {
    for (Map.Entry<COSName, COSBase> entry : dictionary.entrySet()) {
      if (!ELSEWHERE.contains(entry.getKey()) && entry.getValue() != null) {
        left.push(entry.getValue());
      }
    }
  }

  private static List<COSName> filters(COSStream stream) {
    return switch (stream.getFilters()) {
      case null -> List.of();
      case COSName one -> List.of(one);
      case COSArray many ->
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
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
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
      return new ByteArrayInputStream(kept.toByteArray());
    }
  }
}
