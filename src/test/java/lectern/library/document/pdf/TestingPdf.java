package lectern.library.document.pdf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import lectern.library.document.Progress;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.util.Matrix;

/** A PDF as a test writes it: text in places, on pages of A4. */
public final class TestingPdf implements AutoCloseable {
  public static final PDFont PLAIN = new PDType1Font(FontName.HELVETICA);
  public static final PDFont BOLD = new PDType1Font(FontName.HELVETICA_BOLD);
  public static final PDFont FIXED = new PDType1Font(FontName.COURIER);

  public final PDDocument document = new PDDocument();
  private PDPage page;

  public TestingPdf() {
    page();
  }

  /** What follows goes on a new page. */
  public TestingPdf page() {
    page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    return this;
  }

  public PDPage lastPage() {
    return page;
  }

  public TestingPdf text(double x, double y, double size, String words) {
    return text(PLAIN, x, y, size, words);
  }

  public TestingPdf text(PDFont font, double x, double y, double size, String words) {
    return text(font, Matrix.getTranslateInstance((float) x, (float) y), size, words);
  }

  public TestingPdf text(PDFont font, Matrix at, double size, String words) {
    return draw(
        to -> {
          to.beginText();
          to.setFont(font, (float) size);
          to.setTextMatrix(at);
          to.showText(words);
          to.endText();
        });
  }

  /**
   * Words, or single letters, without space characters between them.
   *
   * @param gap between two of them, in parts of the size
   */
  public TestingPdf apart(double x, double y, double size, double gap, String... words) {
    double at = x;
    for (String word : words) {
      text(at, y, size, word);
      at += width(word) * size + gap * size;
    }
    return this;
  }

  /** In parts of the size. */
  public static double width(String words) {
    try {
      return PLAIN.getStringWidth(words) / 1000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines one below the other, 1.2 times their size apart. */
  public TestingPdf lines(double x, double y, double size, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      text(x, y - i * 1.2 * size, size, lines.get(i));
    }
    return this;
  }

  /** Something is drawn on the page. */
  public TestingPdf draw(Drawing drawing) {
    try (PDPageContentStream to =
        new PDPageContentStream(document, page, AppendMode.APPEND, true)) {
      drawing.on(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** A drawing, which may fail. */
  public interface Drawing {
    void on(PDPageContentStream page) throws IOException;
  }

  /** A font whose letters A, B, C ... stand for these texts, one each, whatever they look like. */
  public PDFont saying(String... texts) {
    StringBuilder map = new StringBuilder();
    map.append("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n")
        .append("/CMapName /Said def 1 begincodespacerange <00> <FF> endcodespacerange\n")
        .append(texts.length)
        .append(" beginbfchar\n");
    for (int i = 0; i < texts.length; i++) {
      map.append(
          "<%02X> <%s>%n"
              .formatted('A' + i, HexFormat.of().formatHex(texts[i].getBytes(UTF_16BE))));
    }
    map.append("endbfchar endcmap CMapName currentdict /CMap defineresource pop end end");
    PDFont font = new PDType1Font(FontName.HELVETICA);
    font.getCOSObject().setItem(COSName.TO_UNICODE, stream(map.toString()));
    return font;
  }

  private COSStream stream(String content) {
    COSStream stream = document.getDocument().createCOSStream();
    try (OutputStream to = stream.createOutputStream(COSName.FLATE_DECODE)) {
      to.write(content.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stream;
  }

  /** The page's content is these commands, so many times over, packed. */
  public TestingPdf commands(String commands, int times) {
    page.getCOSObject().setItem(COSName.CONTENTS, stream(commands.repeat(times)));
    return this;
  }

  /** The page's content is so many bytes of spaces, packed. */
  public TestingPdf spaces(long bytes) {
    COSStream stream = document.getDocument().createCOSStream();
    byte[] spaces = " ".repeat(1 << 20).getBytes(US_ASCII);
    try (OutputStream to = stream.createOutputStream(COSName.FLATE_DECODE)) {
      for (long left = bytes; left > 0; left -= spaces.length) {
        to.write(spaces);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    page.getCOSObject().setItem(COSName.CONTENTS, stream);
    return this;
  }

  public COSDictionary catalog() {
    return document.getDocumentCatalog().getCOSObject();
  }

  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      document.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public PdfDocument read() {
    return read(bytes());
  }

  /** What the reader makes of these bytes. */
  public static PdfDocument read(byte[] bytes) {
    return read(bytes, PdfLimits.USUAL, new Progress(Duration.ofMinutes(1)));
  }

  public PdfDocument read(PdfLimits limits) {
    return read(bytes(), limits, new Progress(Duration.ofMinutes(1)));
  }

  public static PdfDocument read(byte[] bytes, PdfLimits limits, Progress progress) {
    try {
      Path file = Files.createTempFile("testing-", ".pdf");
      try {
        Files.write(file, bytes);
        try (FileChannel channel = FileChannel.open(file)) {
          return PdfReader.read(channel, limits, progress);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      document.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
