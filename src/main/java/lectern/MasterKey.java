package lectern;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** 32 bytes that other keys of this server come from; of several, the newest is the one in use. */
final class MasterKey {
  static final String FILE = "master.key";

  private final byte[] bytes;

  MasterKey(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("A master key has 32 bytes");
    }
    this.bytes = bytes.clone();
  }

  /**
   * The keys kept in the data directory, a line each, the newest first, readable by their owner
   * alone; one is made when there is none. Called while this process alone holds the directory.
   */
  static List<MasterKey> keptIn(Path home) {
    Path file = home.resolve(FILE);
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      return Kind.KEYS.parse(file.toString(), Files.readString(file).replace('\n', ',')).stream()
          .map(MasterKey::new)
          .distinct()
          .toList();
    } catch (IOException failed) {
      throw new BadSetting(file + ": the master key cannot be read or made (" + failed + ").");
    }
  }

  /**
   * 32 bytes for one purpose; knowing them tells nothing of the master key or of another purpose.
   */
  byte[] derive(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return mac.doFinal(("lectern " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java has HmacSHA256", impossible);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MasterKey that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "MasterKey";
  }

  private static void create(Path file) throws IOException {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    Files.createDirectories(file.getParent());
    Path draft = file.resolveSibling(FILE + ".draft");
    Files.deleteIfExists(draft);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (FileChannel channel = FileChannel.open(draft, options, mode)) {
      channel.write(ByteBuffer.wrap(Base64.getEncoder().encode(fresh)));
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
