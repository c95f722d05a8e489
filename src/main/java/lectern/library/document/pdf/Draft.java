package lectern.library.document.pdf;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import lectern.library.document.Block;
import lectern.library.document.CanonicalText;
import lectern.library.document.pdf.PdfDocument.Page;
import org.jspecify.annotations.Nullable;

/**
 * A page while its document is still being read.
 *
 * @param layout where the letters of the pieces stand, those of all pieces in a row
 */
record Draft(List<Piece> pieces, PageLayout layout) {

  /** Stands where there is no draft any more. */
  static final Draft NONE = empty(0, 0);

  /** A page without text. */
  static Draft empty(float width, float height) {
    return new Draft(List.of(), new PageLayout(width, height, List.of()));
  }

  /** In UTF-16 units. */
  long length() {
    return pieces.stream().mapToLong(piece -> piece.text().length()).sum();
  }

  /** A piece as it will stand in the text. */
  private record Written(String tag, boolean rightToLeft, String text, List<@Nullable Box> boxes) {}

  /**
   * The page's text, once the whole document is known.
   *
   * @param body the size most of its letters have
   */
  Page finished(String label, Whole document, double body) {
    Iterator<@Nullable Box> boxes = layout.boxes().iterator();
    List<Written> written = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      written.add(written(piece, document, body, boxes));
    }
    CanonicalText text = CanonicalText.of(html(written), "");
    return new Page(
        label, text, new PageLayout(layout.width(), layout.height(), boxes(text, written)));
  }

  private static Written written(
      Piece piece, Whole document, double body, Iterator<@Nullable Box> boxes) {
    String text = piece.text();
    StringBuilder kept = new StringBuilder(text.length());
    List<@Nullable Box> keptBoxes = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      Box box = boxes.next();
      if (!piece.breaks().contains(i) || document.words().keepsHyphen(text, i)) {
        kept.appendCodePoint(text.codePointAt(i));
        keptBoxes.add(box);
      }
    }
    return new Written(piece.tag(document, body), piece.rightToLeft(), kept.toString(), keptBoxes);
  }

  private static String html(List<Written> pieces) {
    StringBuilder html = new StringBuilder();
    for (Written piece : pieces) {
      html.append('<').append(piece.tag()).append(piece.rightToLeft() ? " dir=\"rtl\">" : ">");
      html.append(piece.text().replace("&", "&amp;").replace("<", "&lt;"));
      html.append("</").append(piece.tag()).append('>');
    }
    return html.toString();
  }

  /** Blocks are the pieces that were written, one for one; where one is not, it has no boxes. */
  private static List<@Nullable Box> boxes(CanonicalText text, List<Written> pieces) {
    List<@Nullable Box> boxes = new ArrayList<>();
    List<Block> blocks = text.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (blocks.size() == pieces.size() && text.slice(block).equals(pieces.get(i).text())) {
        boxes.addAll(pieces.get(i).boxes());
      }
      while (boxes.size() < block.end()) {
        boxes.add(null);
      }
    }
    return boxes;
  }
}
