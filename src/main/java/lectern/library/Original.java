package lectern.library;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.document.Format;
import lectern.library.document.ParsedDocument;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file before it is read.
 *
 * @param title the reader's own, or the file's name until the text gives a better one
 * @param libraryId a library to put it into besides the default one
 */
record Original(
    UUID viewer, String filename, String title, Format format, @Nullable UUID libraryId) {

  /** The name of a text that came without a file; its title comes from its words. */
  static final String PASTED = "Pasted text";

  static Original ofFile(UUID viewer, String name, String contentType, @Nullable UUID libraryId) {
    String filename = ParsedDocument.shortened(name.replaceFirst("^.*[/\\\\]", ""));
    if (filename.toLowerCase(Locale.ROOT).matches(".*\\.(docx?|odt|rtf|zip|png|jpe?g|gif|exe)")) {
      throw new Refusal(
          Code.E_INVALID_FILE_TYPE,
          "EPUB, PDF, HTML, Markdown and plain text files can be brought in; this is another.");
    }
    String called = filename.isEmpty() ? "Untitled" : filename;
    return new Original(viewer, called, called, Format.of(called, contentType), libraryId);
  }

  static Original ofText(UUID viewer, String title, Format format, @Nullable UUID libraryId) {
    String given = ParsedDocument.shortened(title);
    return new Original(viewer, PASTED, given.isEmpty() ? PASTED : given, format, libraryId);
  }

  /** What the document is to a reader; uploaded pages are articles. */
  String kind() {
    return switch (format) {
      case HTML -> "web_article";
      case EPUB -> "epub";
      case PDF -> "pdf";
      case TEXT, MARKDOWN -> "text";
    };
  }

  /** The same file, its format known by its first bytes. */
  Original opened(String contentType, byte[] opening) {
    return new Original(
        viewer, filename, title, Format.of(filename, contentType, opening), libraryId);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
