package lectern.library.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A document that was read.
 *
 * @param title what it calls itself, at most {@value #MAX_TITLE} characters; empty when it does not
 * @param language a BCP 47 tag as the document has it
 * @param parts its readable units in reading order, at least one
 * @param outline its table of contents in reading order; leads into its parts
 * @param pictures those that its parts show
 */
public record ParsedDocument(
    String title,
    @Nullable String author,
    @Nullable String language,
    List<Part> parts,
    List<OutlineEntry> outline,
    List<Picture> pictures) {

  /** The longest title stored, of a document or of a part of it. */
  public static final int MAX_TITLE = 255;

  private static final Pattern LANGUAGE =
      Pattern.compile("[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}");

  public ParsedDocument {
    parts = List.copyOf(parts);
    outline = List.copyOf(outline);
    pictures = List.copyOf(pictures);
    if (parts.isEmpty()) {
      throw new Unreadable("There is no text in this document.");
    }
  }

  /** Whether there is a word in it. */
  public boolean hasPlainText() {
    return parts.stream().anyMatch(part -> !part.text().blocks().isEmpty());
  }

  /**
   * Reads a file. One that nothing readable comes out of, or that takes longer than it may, is
   * {@link Unreadable}.
   *
   * @param file from its start; it stays open
   */
  public static ParsedDocument read(SeekableByteChannel file, Format format, Progress progress) {
    try {
      return switch (format) {
        case TEXT, MARKDOWN, HTML ->
            worded(PageParser.read(Decoding.decode(whole(file), format), format, progress));
        case EPUB -> worded(EpubParser.read(file, progress));
        case PDF -> PdfParser.read(file, progress);
      };
    } catch (StackOverflowError e) {
      throw new Unreadable("This document is nested too deeply to be read.");
    }
  }

  /** Reads a text. */
  public static ParsedDocument read(String text, Format format) {
    try {
      return worded(PageParser.read(text, format, Progress.unwatched()));
    } catch (StackOverflowError e) {
      throw new Unreadable("This document is nested too deeply to be read.");
    }
  }

  static byte[] whole(SeekableByteChannel file) {
    try {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // Reads on.
      }
      return bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ParsedDocument worded(ParsedDocument document) {
    if (!document.hasPlainText()) {
      throw new Unreadable("There is no text in this document.");
    }
    return document;
  }

  /** The first of these that is a language tag; empty when none is. */
  static String language(String... given) {
    for (String written : given) {
      String tag = written.strip().replace('_', '-');
      if (LANGUAGE.matcher(tag).matches()) {
        return tag;
      }
    }
    return "";
  }

  /** A title as it is stored: one line, without control characters, not too long. */
  public static String shortened(String title) {
    StringBuilder line = new StringBuilder();
    title
        .codePoints()
        .map(c -> Characters.isSpace(c) ? ' ' : Characters.whole(c))
        .filter(c -> !Character.isISOControl(c) && (c != ' ' || !endsInSpace(line)))
        .limit(MAX_TITLE)
        .forEach(line::appendCodePoint);
    return line.toString().strip();
  }

  private static boolean endsInSpace(StringBuilder line) {
    return line.isEmpty() || line.charAt(line.length() - 1) == ' ';
  }
}
