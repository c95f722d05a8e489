package lectern.library.document;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides which bytes are a picture that may be stored and shown: a PNG, JPEG,
 * GIF or WebP that a decoder can read to its end. Dimensions are looked at before a pixel is
 * decoded; what is too large on screen is made smaller, what is too large for that goes. SVG is a
 * program and no picture.
 */
public final class Pictures {

  /** The most bytes of one picture, and of all pictures of a document. */
  public static final int MAX_BYTES = 10 << 20;

  static final int MAX_BYTES_TOGETHER = 100 << 20;

  /** Pictures of one document; further ones are left out. */
  static final int MOST = 500;

  /** The longest side that is kept; larger pictures are made smaller. */
  static final int MAX_SIDE = 4096;

  /** The most pixels a picture may have to be made smaller; more is dropped unread. */
  private static final long MAX_PIXELS = 100_000_000;

  /** The bytes a decoder is given at once, between two looks at the time. */
  private static final int PIECE = 1024;

  /** The side of the small picture that proves a file to be decodable at little cost. */
  private static final int PROBE = 64;

  private static final Pattern SOURCE =
      Pattern.compile("images/[0-9a-f]{32}\\.(?:png|jpg|gif|webp)");

  private enum Kind {
    PNG("png", "image/png"),
    JPEG("jpg", "image/jpeg"),
    GIF("gif", "image/gif"),
    WEBP("webp", "image/webp");

    final String ending;
    final String contentType;

    Kind(String ending, String contentType) {
      this.ending = ending;
      this.contentType = contentType;
    }

    static @Nullable Kind of(byte[] bytes) {
      if (starts(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
        return PNG;
      }
      if (starts(bytes, 0, 0xFF, 0xD8, 0xFF)) {
        return JPEG;
      }
      if (starts(bytes, 0, 'G', 'I', 'F', '8')) {
        return GIF;
      }
      boolean webp =
          starts(bytes, 0, 'R', 'I', 'F', 'F') && starts(bytes, 8, 'W', 'E', 'B', 'P', 'V', 'P');
      return webp ? WEBP : null;
    }

    private static boolean starts(byte[] bytes, int from, int... mark) {
      boolean same = bytes.length >= from + mark.length;
      for (int i = 0; same && i < mark.length; i++) {
        same = (bytes[from + i] & 0xFF) == mark[i];
      }
      return same;
    }

    ImageReader reader() throws IOException {
      return this == WEBP
          ? new WebPImageReaderSpi().createReaderInstance()
          : ImageIO.getImageReadersByFormatName(name()).next();
    }
  }

  private final Map<String, Picture> kept = new LinkedHashMap<>();
  private long bytes;

  /** Stored HTML may show this and no other picture. */
  static boolean isSource(String source) {
    return SOURCE.matcher(source).matches();
  }

  /**
   * Keeps a picture of a document, once however often it is shown.
   *
   * @return the picture to show; empty when it is none that can be kept
   */
  public Optional<Picture> add(byte[] source, Progress progress) {
    return kept.size() < MOST ? of(source, progress).flatMap(this::keep) : Optional.empty();
  }

  private Optional<Picture> keep(Picture picture) {
    Picture same = kept.get(picture.name());
    if (same != null) {
      return Optional.of(same);
    }
    if (bytes + picture.bytes().length > MAX_BYTES_TOGETHER) {
      return Optional.empty();
    }
    bytes += picture.bytes().length;
    kept.put(picture.name(), picture);
    return Optional.of(picture);
  }

  public List<Picture> kept() {
    return List.copyOf(kept.values());
  }

  /** The bytes as a picture; empty when they are none, or too large. */
  static Optional<Picture> of(byte[] bytes, Progress progress) {
    Kind kind = bytes.length <= MAX_BYTES ? Kind.of(bytes) : null;
    if (kind == null) {
      return Optional.empty();
    }
    try (ImageInputStream in = new MemoryCacheImageInputStream(watched(bytes, progress))) {
      ImageReader reader = kind.reader();
      try {
        reader.setInput(in, kind != Kind.GIF, true);
        return read(reader, kind, bytes);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException broken) { // Decoders throw anything at broken files.
      progress.check();
      return Optional.empty();
    }
  }

  /**
   * Asks whether it may go on whenever the decoder wants more. A picture of thousands of layers
   * takes its time between one piece and the next.
   */
  private static InputStream watched(byte[] bytes, Progress progress) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        progress.check();
        return super.read(into, from, Math.min(length, PIECE));
      }
    };
  }

  private static Optional<Picture> read(ImageReader reader, Kind kind, byte[] bytes)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      return Optional.empty();
    }
    int longest = Math.max(width, height);
    if (longest <= MAX_SIDE) {
      decode(reader, Math.ceilDiv(longest, PROBE));
      return Optional.of(picture(kind, width, height, bytes));
    }
    BufferedImage smaller = decode(reader, Math.ceilDiv(longest, MAX_SIDE));
    return written(smaller, kind == Kind.JPEG ? Kind.JPEG : Kind.PNG);
  }

  private static BufferedImage decode(ImageReader reader, int step) throws IOException {
    ImageReadParam every = reader.getDefaultReadParam();
    every.setSourceSubsampling(step, step, 0, 0);
    return reader.read(0, every);
  }

  private static Optional<Picture> written(BufferedImage image, Kind kind) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean done = ImageIO.write(image, kind.name(), out);
    return done && out.size() <= MAX_BYTES
        ? Optional.of(picture(kind, image.getWidth(), image.getHeight(), out.toByteArray()))
        : Optional.empty();
  }

  private static Picture picture(Kind kind, int width, int height, byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      String name = HexFormat.of().formatHex(hash, 0, 16) + "." + kind.ending;
      return new Picture(name, kind.contentType, width, height, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
