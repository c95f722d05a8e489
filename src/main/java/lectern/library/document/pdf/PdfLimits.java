package lectern.library.document.pdf;

/**
 * How much of a PDF is read.
 *
 * @param pages of a document; one with more is refused
 * @param letters of a page; what it has beyond is left out
 * @param text UTF-16 units of all pages together; a document with more is refused
 * @param commands that draw one page, those of forms on it included; a page with more has no text
 */
public record PdfLimits(int pages, int letters, long text, int commands) {

  /** A page of a newspaper has some ten thousand letters, a long book a million. */
  public static final PdfLimits USUAL = new PdfLimits(5_000, 100_000, 20_000_000, 5_000_000);

  public PdfLimits {
    if (pages < 1 || letters < 1 || text < 1 || commands < 1) {
      throw new IllegalArgumentException("Limits of a PDF are positive");
    }
  }
}
