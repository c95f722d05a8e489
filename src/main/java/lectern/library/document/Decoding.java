package lectern.library.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Bytes to text when nobody says for certain in which encoding: a byte order mark first, then what
 * the page declares, then UTF-8 if it is valid UTF-8, then what the bytes look like, then
 * windows-1252. Bytes that are no text in any of them are {@link Unreadable}.
 */
final class Decoding {

  /** How far into a page its declaration is looked for, as browsers do. */
  private static final int DECLARATION_WINDOW = 1024;

  /** How much of a file decides what it looks like. */
  private static final int SAMPLE = 64 * 1024;

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private static final Pattern DECLARED =
      Pattern.compile(
          "<(?:meta|\\?xml)[^>]{0,200}?(?:charset|encoding)\\s*=\\s*[\"']?([A-Za-z0-9._:-]{2,40})",
          Pattern.CASE_INSENSITIVE);

  private Decoding() {}

  static String decode(byte[] bytes, Format format) {
    return decode(bytes, format, Optional.empty());
  }

  /**
   * The text, where somebody who served it said in which encoding it is; that is believed after a
   * byte order mark, if the bytes are such a text.
   */
  static String decode(byte[] bytes, Format format, Optional<Charset> said) {
    refuseKnownBinary(bytes);
    Charset charset =
        marked(bytes)
            .or(() -> said.filter(name -> strict(bytes, name).isPresent()))
            .orElseGet(() -> charset(bytes, format));
    String text = strict(bytes, charset).orElseGet(() -> new String(bytes, charset));
    refuseControls(text);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Charset charset(byte[] bytes, Format format) {
    return (format == Format.HTML ? declared(bytes) : Optional.<Charset>empty())
        .or(
            () ->
                strict(bytes, UTF_8).isPresent() && !hasNul(bytes)
                    ? Optional.of(UTF_8)
                    : wide(bytes))
        .or(() -> looksLike(bytes))
        .orElse(WINDOWS_1252);
  }

  private static Optional<Charset> marked(byte[] bytes) {
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      return Optional.of(UTF_8);
    }
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return Optional.of(UTF_16LE);
    }
    return startsWith(bytes, 0xFE, 0xFF) ? Optional.of(UTF_16BE) : Optional.empty();
  }

  private static Optional<Charset> declared(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, DECLARATION_WINDOW), ISO_8859_1);
    Matcher declaration = DECLARED.matcher(head);
    return declaration.find()
        ? named(declaration.group(1)).filter(charset -> strict(bytes, charset).isPresent())
        : Optional.empty();
  }

  /** The charset a server means, which may also be one that no page can name within itself. */
  static Optional<Charset> served(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "UTF-16", "UTF-16LE" -> Optional.of(UTF_16LE);
      case "UTF-16BE" -> Optional.of(UTF_16BE);
      default -> named(name);
    };
  }

  /** The charset a page means by that name; empty when there is none, or it hides tags. */
  static Optional<Charset> named(String name) {
    try {
      Charset charset = Charset.forName(name);
      boolean readable = new String("<".getBytes(ISO_8859_1), charset).equals("<");
      return readable
          ? Optional.of(charset.equals(ISO_8859_1) ? WINDOWS_1252 : charset)
          : Optional.empty();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> strict(byte[] bytes, Charset charset) {
    try {
      CharBuffer text = charset.newDecoder().decode(ByteBuffer.wrap(bytes));
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean hasNul(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** UTF-16 without a mark: most text has a zero in every other byte. */
  private static Optional<Charset> wide(byte[] bytes) {
    int window = Math.min(bytes.length, SAMPLE) & ~1;
    int even = 0;
    int odd = 0;
    for (int i = 0; i < window; i += 2) {
      even += bytes[i] == 0 ? 1 : 0;
      odd += bytes[i + 1] == 0 ? 1 : 0;
    }
    if (odd > window / 5 && even < window / 50) {
      return Optional.of(UTF_16LE);
    }
    return even > window / 5 && odd < window / 50 ? Optional.of(UTF_16BE) : Optional.empty();
  }

  private static Optional<Charset> looksLike(byte[] bytes) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(bytes, 0, Math.min(bytes.length, SAMPLE));
    detector.dataEnd();
    return Optional.ofNullable(detector.getDetectedCharset())
        .flatMap(Decoding::named)
        .filter(charset -> !charset.equals(UTF_8) && !charset.name().equals("US-ASCII"));
  }

  private static void refuseKnownBinary(byte[] bytes) {
    if (startsWith(bytes, '%', 'P', 'D', 'F', '-')) {
      throw new Unreadable("This is a PDF file, not a text.");
    }
    if (startsWith(bytes, 'P', 'K', 3, 4)) {
      throw new Unreadable("This is a packed file (such as ZIP, EPUB or DOCX), not a text.");
    }
  }

  /** Pictures, programs and the like are full of control characters; a stray one is forgiven. */
  private static void refuseControls(String text) {
    long controls =
        text.chars()
            .filter(
                c -> (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F)
            .count();
    if (controls > 2 + text.length() / 500) {
      throw new Unreadable("This file is not a text: most likely it is a picture or a program.");
    }
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    if (bytes.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
