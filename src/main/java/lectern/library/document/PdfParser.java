package lectern.library.document;

import java.nio.channels.SeekableByteChannel;
import java.util.List;
import lectern.library.document.pdf.PdfDocument;
import lectern.library.document.pdf.PdfLimits;
import lectern.library.document.pdf.PdfReader;

/** Reads PDF files: one part a page, also where a page has no text. */
final class PdfParser {
  private PdfParser() {}

  static ParsedDocument read(SeekableByteChannel file, Progress progress) {
    PdfDocument pdf = PdfReader.read(file, PdfLimits.USUAL, progress);
    return new ParsedDocument(
        pdf.title(),
        pdf.author().isEmpty() ? null : pdf.author(),
        null,
        pdf.pages().stream()
            .map(page -> new Part(page.label(), page.text(), page.layout()))
            .toList(),
        pdf.bookmarks().stream()
            .map(mark -> new OutlineEntry(mark.title(), mark.level(), mark.page(), mark.offset()))
            .toList(),
        List.of());
  }
}
