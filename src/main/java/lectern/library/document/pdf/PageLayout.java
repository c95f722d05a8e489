package lectern.library.document.pdf;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the code points of a page's text stand on it. It is kept packed: a document has millions of
 * letters, and all its pages are in memory at once before they are stored.
 */
public final class PageLayout {

  /** Steps in a point: finer than any screen shows. */
  private static final float STEPS = 20;

  private final float width;
  private final float height;
  private final byte[] packed;

  private PageLayout(float width, float height, byte[] packed) {
    this.width = width;
    this.height = height;
    this.packed = packed;
  }

  /**
   * @param width of the page as it is shown before it is turned, in points
   * @param boxes one for each code point of the canonical text; null where nothing is drawn
   */
  public PageLayout(float width, float height, List<@Nullable Box> boxes) {
    this(width, height, pack(boxes));
  }

  /** What {@link #packed} gave. */
  public static PageLayout unpacked(float width, float height, byte[] packed) {
    return new PageLayout(width, height, packed.clone());
  }

  public float width() {
    return width;
  }

  public float height() {
    return height;
  }

  /**
   * The boxes in few bytes: for each code point how far its box begins after the last one, how wide
   * it is, and how its lower edge and height differ from the last one's, as numbers of variable
   * length in twentieths of a point. A zero stands for no box.
   */
  public byte[] packed() {
    return packed.clone();
  }

  private static byte[] pack(List<@Nullable Box> boxes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(boxes.size() * 5);
    int x = 0;
    int y = 0;
    int height = 0;
    for (Box box : boxes) {
      if (box == null) {
        out.write(0);
        continue;
      }
      int left = steps(box.left());
      int right = Math.max(left, steps(box.right()));
      int bottom = steps(box.bottom());
      int tall = Math.max(0, steps(box.top()) - bottom);
      write(out, zigzag(left - x) + 1L);
      write(out, right - left);
      write(out, zigzag(bottom - y));
      write(out, zigzag(tall - height));
      x = right;
      y = bottom;
      height = tall;
    }
    return out.toByteArray();
  }

  /** One for each code point of the canonical text; null where nothing is drawn. */
  public List<@Nullable Box> boxes() {
    List<@Nullable Box> boxes = new ArrayList<>();
    Reader in = new Reader(packed);
    int x = 0;
    int y = 0;
    int tall = 0;
    while (in.hasMore()) {
      long first = in.next();
      if (first == 0) {
        boxes.add(null);
        continue;
      }
      int left = x + unzigzag(first - 1);
      int right = left + (int) in.next();
      y += unzigzag(in.next());
      tall += unzigzag(in.next());
      boxes.add(new Box(left / STEPS, y / STEPS, right / STEPS, (y + tall) / STEPS));
      x = right;
    }
    return boxes;
  }

  private static int steps(float points) {
    return Math.round(Math.clamp(points, -1e6f, 1e6f) * STEPS);
  }

  private static long zigzag(int value) {
    return ((long) value << 1 ^ value >> 31) & 0xffffffffL;
  }

  private static int unzigzag(long value) {
    return (int) (value >>> 1 ^ -(value & 1));
  }

  private static void write(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >= 0x80) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    long next() {
      long value = 0;
      for (int shift = 0; at < bytes.length && shift < 56; shift += 7) {
        byte b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          break;
        }
      }
      return value;
    }
  }
}
