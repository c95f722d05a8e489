package lectern.library.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the text of a document is written. */
public enum Format {
  TEXT("text/plain"),
  MARKDOWN("text/markdown"),
  HTML("text/html"),
  EPUB("application/epub+zip"),
  PDF("application/pdf");

  /** How far into a file the mark of a PDF may stand when its name says that it is one. */
  private static final int PDF_WINDOW = 1024;

  /** Where the first entry's name begins in a ZIP file; in an EPUB it is {@code mimetype}. */
  private static final int FIRST_ENTRY = 30;

  private final String contentType;

  Format(String contentType) {
    this.contentType = contentType;
  }

  /** The word for it in JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The media type an original of this format is kept and given back under. */
  public String contentType() {
    return contentType;
  }

  /** Whether a file of this format is text as it stands, which can also be pasted. */
  public boolean isText() {
    return this != EPUB && this != PDF;
  }

  /**
   * The format of a file: by its name's ending where that says it, else by its content type, else
   * plain text.
   */
  public static Format of(String filename, String contentType) {
    String name = filename.toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.(html?|xhtml)")) {
      return HTML;
    }
    if (name.matches(".*\\.(md|markdown|mdown)")) {
      return MARKDOWN;
    }
    if (name.matches(".*\\.(txt|text)")) {
      return TEXT;
    }
    if (name.endsWith(".epub")) {
      return EPUB;
    }
    return name.endsWith(".pdf") ? PDF : ofContentType(contentType.toLowerCase(Locale.ROOT));
  }

  private static Format ofContentType(String type) {
    if (type.startsWith("text/html") || type.startsWith("application/xhtml+xml")) {
      return HTML;
    }
    if (type.startsWith("application/epub+zip")) {
      return EPUB;
    }
    if (type.startsWith("application/pdf")) {
      return PDF;
    }
    return type.startsWith("text/markdown") ? MARKDOWN : TEXT;
  }

  /**
   * The format of a file whose first bytes are known: they win over what its name says. A file that
   * is not what its name says, and no text either, is {@link Unreadable}.
   */
  public static Format of(String filename, String contentType, byte[] opening) {
    Format named = of(filename, contentType);
    if (isPdf(opening, named)) {
      return PDF;
    }
    if (isEpub(opening, named)) {
      return EPUB;
    }
    if (named == EPUB) {
      throw new Unreadable("This file is called an EPUB, but it is not one.");
    }
    if (named == PDF) {
      throw new Unreadable("This file is called a PDF, but it is not one.");
    }
    Decoding.decode(opening, named);
    return named;
  }

  private static boolean isPdf(byte[] opening, Format named) {
    String head = new String(opening, 0, Math.min(opening.length, PDF_WINDOW), ISO_8859_1);
    return named == PDF ? head.contains("%PDF-") : head.startsWith("%PDF-");
  }

  private static boolean isEpub(byte[] opening, Format named) {
    String head = new String(opening, 0, Math.min(opening.length, 128), ISO_8859_1);
    return head.startsWith("PK\3\4")
        && (named == EPUB || head.startsWith("mimetypeapplication/epub+zip", FIRST_ENTRY));
  }
}
