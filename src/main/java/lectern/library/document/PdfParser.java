package lectern.library.document;

import java.nio.channels.SeekableByteChannel;

/** Reads PDF files. */
final class PdfParser {
  private PdfParser() {}

  static ParsedDocument read(SeekableByteChannel file, Progress progress) {
    throw new Unreadable("PDF files are kept, but their text cannot be read yet.");
  }
}
