package lectern.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Statements too long for a text block, kept as files that a person can also run by hand. */
public final class Queries {
  private Queries() {}

  /** The text of {@code sql/queries/<name>.sql}; read once, into a constant of the store. */
  public static String load(String name) {
    String file = "/sql/queries/" + name + ".sql";
    try (InputStream text = Queries.class.getResourceAsStream(file)) {
      if (text == null) {
        throw new IllegalArgumentException("There is no " + file);
      }
      return new String(text.readAllBytes(), UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
