package lectern.library.document.pdf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lectern.library.document.ParsedDocument;
import lectern.library.document.pdf.PdfDocument.Bookmark;
import lectern.library.document.pdf.PdfDocument.Page;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionGoTo;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDNamedDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outline of a PDF with the places its entries lead to. Entries that lead nowhere are left out.
 */
final class Bookmarks {
  private static final Logger log = LoggerFactory.getLogger(Bookmarks.class);
  private static final int MOST = 2_000;
  private static final int MOST_LEVELS = 8;

  private final PDDocument document;
  private final Map<COSDictionary, Integer> index;
  private final List<Page> pages;
  private final List<Bookmark> found = new ArrayList<>();
  private final Set<COSDictionary> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Bookmarks(PDDocument document, Map<COSDictionary, Integer> index, List<Page> pages) {
    this.document = document;
    this.index = index;
    this.pages = pages;
  }

  static List<Bookmark> of(PDDocument document, List<PDPage> pdPages, List<Page> pages) {
    Bookmarks bookmarks = new Bookmarks(document, index(pdPages), pages);
    try {
      PDDocumentOutline outline = document.getDocumentCatalog().getDocumentOutline();
      bookmarks.add(outline == null ? null : outline.getFirstChild(), 1);
    } catch (RuntimeException | StackOverflowError e) {
      log.debug("pdf.outline_unreadable", e);
    }
    return bookmarks.found;
  }

  /** Pages by the dictionaries they are made of. */
  private static Map<COSDictionary, Integer> index(List<PDPage> pages) {
    Map<COSDictionary, Integer> index = new IdentityHashMap<>();
    for (int i = 0; i < pages.size(); i++) {
      index.putIfAbsent(pages.get(i).getCOSObject(), i);
    }
    return index;
  }

  private void add(@Nullable PDOutlineItem first, int level) {
    for (PDOutlineItem item = first;
        item != null && found.size() < MOST && seen.add(item.getCOSObject());
        item = item.getNextSibling()) {
      String title = item.getTitle() == null ? "" : ParsedDocument.shortened(item.getTitle());
      PDPageDestination place = place(item);
      Integer page = place == null ? null : page(place);
      if (!title.isEmpty() && page != null && place != null) {
        found.add(new Bookmark(title, level, page, offset(place, pages.get(page))));
      }
      if (level < MOST_LEVELS) {
        add(item.getFirstChild(), level + 1);
      }
    }
  }

  private @Nullable PDPageDestination place(PDOutlineItem item) {
    try {
      PDDestination to = item.getDestination();
      if (to == null && item.getAction() instanceof PDActionGoTo go) {
        to = go.getDestination();
      }
      if (to instanceof PDNamedDestination named) {
        to = document.getDocumentCatalog().findNamedDestinationPage(named);
      }
      return to instanceof PDPageDestination page ? page : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private @Nullable Integer page(PDPageDestination place) {
    PDPage page = place.getPage();
    Integer found = page == null ? null : index.get(page.getCOSObject());
    int number = place.getPageNumber();
    return found != null ? found : number >= 0 && number < pages.size() ? number : null;
  }

  /** The first letter below the place, or the beginning of the page. */
  private static int offset(PDPageDestination place, Page page) {
    int top = place instanceof PDPageXYZDestination exact ? exact.getTop() : -1;
    List<@Nullable Box> boxes = page.layout().boxes();
    for (int i = 0; top > 0 && i < boxes.size(); i++) {
      Box box = boxes.get(i);
      if (box != null && box.centreY() <= top && (i == 0 || boxes.get(i - 1) == null)) {
        return i;
      }
    }
    return 0;
  }
}
