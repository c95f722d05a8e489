package lectern.library.document.pdf;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lectern.library.document.Block;
import lectern.library.document.BlockType;
import lectern.library.document.CanonicalText;
import lectern.library.document.ParsedDocument;
import lectern.library.document.Progress;
import lectern.library.document.Unreadable;
import lectern.library.document.pdf.PdfDocument.Bookmark;
import lectern.library.document.pdf.PdfDocument.Page;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a PDF file page by page. The file stays on disk; one page's letters are in memory at a
 * time, besides the text that has been made of the pages before. Whatever the file holds, the end
 * is a document or {@link Unreadable}, within the bounds stated here.
 */
public final class PdfReader {
  private static final Logger log = LoggerFactory.getLogger(PdfReader.class);

  /** What PDFBox keeps in memory of what it unpacks, before it turns to a file. */
  private static final long SCRATCH_BYTES = 32L << 20;

  private static final Pattern NO_TITLE =
      Pattern.compile(
          "(?i)untitled.*|.*\\.(docx?|dvi|tex|indd|qxd|pdf|odt|rtf|fm|ps|html?)|.*[/\\\\].*|"
              + "(slide|page|document) ?\\d*|[\\W\\d_]*");
  private static final Pattern NO_AUTHOR = Pattern.compile("(?i)(unknown|anonymous|user|admin.*|)");

  static {
    Fonts.install();
  }

  private final PDDocument document;
  private final Budget budget;
  private final PdfLimits limits;
  private final Glyphs glyphs;
  private final Whole whole = new Whole();
  private final PageText text = new PageText(whole);

  private PdfReader(PDDocument document, Budget budget, PdfLimits limits) {
    this.document = document;
    this.budget = budget;
    this.limits = limits;
    this.glyphs = new Glyphs(budget, limits);
  }

  /**
   * Reads a file. One that nothing readable comes out of is {@link Unreadable}.
   *
   * @param file stays open
   */
  public static PdfDocument read(SeekableByteChannel file, PdfLimits limits, Progress progress) {
    Budget budget = new Budget(progress);
    try {
      Unpacking.check(new FileRead(file), budget);
      try (PDDocument document =
          Loader.loadPDF(
              new FileRead(file), MemoryUsageSetting.setupMixed(SCRATCH_BYTES).streamCache)) {
        return new PdfReader(document, budget, limits).document();
      }
    } catch (InvalidPasswordException e) {
      throw new Unreadable(
          "This PDF is locked with a password. Save it without one and bring it in again.");
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (e instanceof Unreadable told) {
        throw told;
      }
      log.debug("pdf.unreadable", e);
      throw damaged();
    }
  }

  private static Unreadable damaged() {
    return new Unreadable("This PDF is damaged, or is none.");
  }

  private PdfDocument document() throws IOException {
    List<PDPage> found = pages();
    List<String> labels = labels(found.size());
    List<Draft> drafts = new ArrayList<>(found.size());
    long length = 0;
    int failed = 0;
    for (int i = 0; i < found.size(); i++) {
      budget.reached(i, found.size());
      Draft draft;
      try {
        draft = draft(found.get(i));
      } catch (IOException | RuntimeException | StackOverflowError e) {
        if (e instanceof Unreadable told) {
          throw told;
        }
        failed++;
        log.debug("pdf.page_unreadable page={}", i + 1, e);
        draft = empty(found.get(i));
      }
      length += draft.length();
      if (length > limits.text()) {
        throw new Unreadable("There is more text in this PDF than can be kept.");
      }
      drafts.add(draft);
    }
    if (failed == found.size()) {
      throw damaged();
    }
    List<Page> pages = finished(drafts, labels);
    List<Bookmark> bookmarks = Bookmarks.of(document, found, pages);
    return new PdfDocument(
        title(pages), author(), pages, bookmarks.isEmpty() ? Headings.of(pages) : bookmarks);
  }

  private List<Page> finished(List<Draft> drafts, List<String> labels) {
    List<Page> pages = new ArrayList<>(drafts.size());
    double body = whole.body();
    for (int i = 0; i < drafts.size(); i++) {
      budget.check();
      pages.add(drafts.set(i, Draft.NONE).finished(labels.get(i), whole, body));
    }
    return pages;
  }

  private List<PDPage> pages() {
    List<PDPage> pages = new ArrayList<>();
    Iterator<PDPage> all = document.getPages().iterator();
    while (all.hasNext()) {
      if (pages.size() == limits.pages()) {
        throw new Unreadable(
            String.format(Locale.ROOT, "This PDF has more than %,d pages.", limits.pages()));
      }
      pages.add(all.next());
    }
    if (pages.isEmpty()) {
      throw damaged();
    }
    return pages;
  }

  private Draft draft(PDPage page) throws IOException {
    if (document.isEncrypted()) {
      budget.checkSizes(page.getCOSObject());
    }
    Iterator<PDStream> streams = page.getContentStreams();
    while (streams.hasNext()) {
      budget.checkSize(streams.next().getCOSObject());
    }
    PDRectangle area = page.getCropBox();
    return text.read(glyphs.of(page), side(area.getWidth()), side(area.getHeight()));
  }

  private static Draft empty(PDPage page) {
    PDRectangle area = PDRectangle.A4;
    try {
      area = page.getCropBox();
    } catch (RuntimeException e) {
      log.debug("pdf.page_without_size", e);
    }
    return Draft.empty(side(area.getWidth()), side(area.getHeight()));
  }

  private static float side(float points) {
    return Math.clamp(points, 0f, 1e5f);
  }

  private List<String> labels(int count) {
    String[] given = new String[0];
    try {
      var labels = document.getDocumentCatalog().getPageLabels();
      given = labels == null ? given : labels.getLabelsByPageIndices();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      log.debug("pdf.labels_unreadable", e);
    }
    List<String> labels = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String label = i < given.length && given[i] != null ? ParsedDocument.shortened(given[i]) : "";
      labels.add(label.isEmpty() || label.length() > 40 ? Integer.toString(i + 1) : label);
    }
    return labels;
  }

  private String title(List<Page> pages) {
    String given = ParsedDocument.shortened(information("Title"));
    given = given.replaceFirst("(?i)^microsoft (word|powerpoint|excel) - ", "");
    if (given.length() >= 3 && !NO_TITLE.matcher(given).matches()) {
      return given;
    }
    CanonicalText first = pages.getFirst().text();
    return first.blocks().stream()
        .limit(8)
        .filter(block -> block.type() == BlockType.HEADING_1 || block.type() == BlockType.HEADING_2)
        .findFirst()
        .map((Block block) -> ParsedDocument.shortened(first.slice(block)))
        .orElse("");
  }

  private String author() {
    String given = ParsedDocument.shortened(information("Author"));
    return NO_AUTHOR.matcher(given).matches() ? "" : given;
  }

  private String information(String key) {
    try {
      COSDictionary given = document.getDocumentInformation().getCOSObject();
      String value = given.getString(key);
      return value == null ? "" : value;
    } catch (RuntimeException e) {
      return "";
    }
  }
}
