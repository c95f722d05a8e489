package lectern.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A place in a sorted list: the sort key of a row, its id last, as base64url of a JSON list.
 * Exclusive: the page it leads to begins after that row. A cursor that was not made here is
 * E_INVALID_CURSOR.
 */
public final class Cursor {
  /** What PostgreSQL can hold goes further, what is in it does not. */
  private static final int LAST_YEAR = 9999;

  private final List<String> parts;

  private Cursor(List<String> parts) {
    this.parts = parts;
  }

  /** The cursor of a row, as handed to clients. */
  public static String of(Object... parts) {
    List<String> texts = Arrays.stream(parts).map(Object::toString).toList();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(texts).getBytes());
  }

  /** Reads a client's cursor of so many parts. */
  public static Cursor read(String given, int parts) {
    try {
      byte[] json = Base64.getUrlDecoder().decode(given.getBytes(UTF_8));
      String[] texts = Json.read(Json.read(json, JsonNode.class), String[].class);
      if (texts != null && texts.length == parts && Arrays.stream(texts).allMatch(Cursor::fits)) {
        return new Cursor(List.of(texts));
      }
      throw invalid();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw invalid();
    }
  }

  /** PostgreSQL takes no U+0000 in a text. */
  private static boolean fits(@Nullable String text) {
    return text != null && text.indexOf('\0') < 0;
  }

  public String text(int part) {
    return parts.get(part);
  }

  /** One of the words that may stand there. */
  public String word(int part, String... known) {
    if (!List.of(known).contains(parts.get(part))) {
      throw invalid();
    }
    return parts.get(part);
  }

  public UUID id(int part) {
    try {
      return UUID.fromString(parts.get(part));
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
  }

  public OffsetDateTime time(int part) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(parts.get(part));
      if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
        throw invalid();
      }
      return time;
    } catch (DateTimeException e) {
      throw invalid();
    }
  }

  public int number(int part) {
    try {
      return Integer.parseInt(parts.get(part));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static Refusal invalid() {
    return new Refusal(
        Code.E_INVALID_CURSOR, "This cursor is not one of ours. Start again without it.");
  }
}
