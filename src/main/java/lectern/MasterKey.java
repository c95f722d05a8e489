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
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The 32 bytes that every other key of this server comes from. */
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
   * The key kept in the data directory, readable by its owner alone; made when there is none.
   * Called while this process alone holds the directory.
   */
  static MasterKey keptIn(Path home) {
    Path file = home.resolve(FILE);
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      return new MasterKey(Kind.KEY.parse(file.toString(), Files.readString(file)));
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
