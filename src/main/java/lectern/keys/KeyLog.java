package lectern.keys;

import java.util.UUID;
import org.slf4j.Logger;

/** What the log hears of keys: their row and version, never a part of them. */
final class KeyLog {
  private KeyLog() {}

  /** The right master key is not set, or the row is not what it was. */
  static void unopened(Logger log, UUID row, Sealed sealed) {
    log.atWarn()
        .addKeyValue("row", row)
        .addKeyValue("master_key_version", sealed.version())
        .log("keys.unopened");
  }
}
