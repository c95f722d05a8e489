package lectern.library.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A ZIP file of somebody else's making, read in memory only: no name in it is ever a path on disk.
 * How many entries it has, how far one may swell, and all of them together, is bounded; what passes
 * a bound is {@link Unreadable}. Of two entries of one name the first counts.
 */
final class Archive {
  private static final int MOST_ENTRIES = 10_000;

  /** What is inflated of one file, all entries together. */
  private static final long MAX_TOGETHER = 256L << 20;

  /** How many bytes may come out of one, beyond the first mebibyte; text packs at 3 to 10. */
  private static final long MAX_RATIO = 200;

  private static final long UNSUSPICIOUS = 1 << 20;

  private final ZipFile zip;
  private final Progress progress;
  private final Map<String, ZipArchiveEntry> entries = new HashMap<>();
  private final Map<String, ZipArchiveEntry> byLowerCase = new HashMap<>();
  private long inflated;

  private Archive(ZipFile zip, Progress progress) {
    this.zip = zip;
    this.progress = progress;
    Enumeration<ZipArchiveEntry> all = zip.getEntries();
    while (all.hasMoreElements()) {
      ZipArchiveEntry entry = all.nextElement();
      entries.putIfAbsent(entry.getName(), entry);
      byLowerCase.putIfAbsent(entry.getName().toLowerCase(Locale.ROOT), entry);
    }
  }

  /** The file stays open, and is the caller's to close. */
  @SuppressWarnings("resource") // Closing it would close the file; it holds nothing else.
  static Archive open(SeekableByteChannel file, Progress progress) {
    try {
      refuseManyEntries(file, progress);
      file.position(0);
      return new Archive(ZipFile.builder().setSeekableByteChannel(file).get(), progress);
    } catch (IOException | RuntimeException e) {
      throw e instanceof Unreadable known ? known : damaged();
    }
  }

  /** Counted before the directory is read, which would take memory for each. */
  private static void refuseManyEntries(SeekableByteChannel file, Progress progress)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(64 << 10);
    int last = 0;
    int found = 0;
    file.position(0);
    while (file.read(piece) >= 0) {
      progress.check();
      piece.flip();
      while (piece.hasRemaining()) {
        last = last << 8 | (piece.get() & 0xFF);
        found += last == 0x504B0102 ? 1 : 0;
      }
      piece.clear();
      if (found > MOST_ENTRIES) {
        throw new Unreadable("There are too many files packed into this one.");
      }
    }
  }

  private static Unreadable damaged() {
    return new Unreadable("This file is damaged: it cannot be unpacked.");
  }

  boolean has(String name) {
    return find(name) != null;
  }

  private @Nullable ZipArchiveEntry find(String name) {
    ZipArchiveEntry exact = entries.get(name);
    return exact != null ? exact : byLowerCase.get(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The bytes of an entry; empty when there is none of that name, or it is longer than {@code
   * most}.
   */
  Optional<byte[]> read(String name, long most) {
    ZipArchiveEntry entry = find(name);
    if (entry == null || entry.isDirectory()) {
      return Optional.empty();
    }
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new Unreadable("This file is protected with a password.");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return inflate(in, Math.max(1, entry.getCompressedSize()), most);
    } catch (IOException | RuntimeException e) {
      throw e instanceof Unreadable known ? known : damaged();
    }
  }

  private Optional<byte[]> inflate(InputStream in, long packed, long most) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[16 << 10];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      progress.check();
      inflated += n;
      if (inflated > MAX_TOGETHER || out.size() + n > Math.max(UNSUSPICIOUS, packed * MAX_RATIO)) {
        throw new Unreadable("This file swells beyond all measure when it is unpacked.");
      }
      if (out.size() + n > most) {
        return Optional.empty();
      }
      out.write(piece, 0, n);
    }
    return Optional.of(out.toByteArray());
  }
}
