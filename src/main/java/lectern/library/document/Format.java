package lectern.library.document;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the text of a document is written. */
public enum Format {
  TEXT("text/plain"),
  MARKDOWN("text/markdown"),
  HTML("text/html");

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
    return ofContentType(contentType.toLowerCase(Locale.ROOT));
  }

  private static Format ofContentType(String type) {
    if (type.startsWith("text/html") || type.startsWith("application/xhtml+xml")) {
      return HTML;
    }
    return type.startsWith("text/markdown") ? MARKDOWN : TEXT;
  }
}
