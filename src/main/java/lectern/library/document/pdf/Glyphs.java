package lectern.library.document.pdf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The letters of a page as they are drawn. Of PDFBox's text stripper only the reading of the page
 * is used; its own order of lines is not.
 */
final class Glyphs extends PDFTextStripper {
  private static final int MOST_DEPTH = 24;

  /** Points; letters are looked for where they would be again, by cells of a page. */
  private static final double CELL = 4;

  private static final int MOST_IN_CELL = 64;

  /** Fonts that say in their name only that all their letters are of one width. */
  private static final Pattern FIXED =
      Pattern.compile("courier|mono|typewriter|consol|(^|\\+)(cmtt|cmsltt|cmcsctt|ectt|sltt|tctt)");

  private final Budget budget;
  private final PdfLimits limits;
  private final Map<PDFont, Shape> shapes = new HashMap<>();
  private final Map<Long, List<TextPosition>> drawn = new HashMap<>();
  private List<TextPosition> letters = new ArrayList<>();
  private List<Boolean> spaced = new ArrayList<>();
  private boolean space;
  private int operators;
  private int depth;
  private float shiftX;
  private float shiftY;

  /** How far a font's letters reach above and below their line, in parts of its size. */
  private record Shape(double ascent, double descent, boolean bold, boolean fixed) {}

  Glyphs(Budget budget, PdfLimits limits) {
    this.budget = budget;
    this.limits = limits;
    setStartPage(1);
    setShouldSeparateByBeads(false);
  }

  /** What is drawn on the page, in the order it is drawn. */
  List<Glyph> of(PDPage page) throws IOException {
    letters = new ArrayList<>();
    spaced = new ArrayList<>();
    drawn.clear();
    shapes.clear();
    space = false;
    operators = 0;
    depth = 0;
    shiftX = page.getCropBox().getLowerLeftX();
    shiftY = page.getCropBox().getLowerLeftY();
    if (page.hasContents()) {
      processPage(page);
    }
    List<Glyph> glyphs = new ArrayList<>(letters.size());
    for (int i = 0; i < letters.size(); i++) {
      Glyph glyph = glyph(letters.get(i), spaced.get(i));
      if (glyph != null) {
        glyphs.add(glyph);
      }
    }
    return glyphs;
  }

  @Override
  protected void writePage() {}

  @Override
  protected void startArticle(boolean leftToRight) {}

  @Override
  protected void endArticle() {}

  @Override
  protected void startPage(PDPage page) {}

  @Override
  protected void endPage(PDPage page) {}

  @Override
  protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
    if (++operators > limits.commands()) {
      throw new IOException("too many drawing commands");
    }
    if ((operators & 0x3ff) == 0) {
      budget.check();
    }
    super.processOperator(operator, operands);
  }

  @Override
  public void showForm(PDFormXObject form) throws IOException {
    if (depth < MOST_DEPTH) {
      depth++;
      budget.checkSize(form.getCOSObject());
      super.showForm(form);
      depth--;
    }
  }

  @Override
  protected void processTextPosition(TextPosition letter) {
    String text = letter.getUnicode();
    if (text == null || letters.size() >= limits.letters()) {
      return;
    }
    if (text.isBlank() || text.equals("\u00a0")) {
      space = true;
      return;
    }
    if (isDrawnAlready(letter)) {
      return;
    }
    TextPosition last = letters.isEmpty() ? null : letters.getLast();
    if (last != null && letter.isDiacritic() && letter.contains(last)) {
      last.mergeDiacritic(letter);
      return;
    }
    if (last != null && last.isDiacritic() && last.contains(letter)) {
      letter.mergeDiacritic(last);
      letters.removeLast();
      space |= spaced.removeLast();
    }
    letters.add(letter);
    spaced.add(space);
    space = false;
  }

  /** A letter drawn twice in the same place, for a shadow or to look bold. */
  private boolean isDrawnAlready(TextPosition letter) {
    float x = letter.getTextMatrix().getTranslateX();
    float y = letter.getTextMatrix().getTranslateY();
    double near = Math.clamp(0.12 * letter.getWidth(), 0.3, CELL);
    for (long i = cell(x - near); i <= cell(x + near); i++) {
      for (long j = cell(y - near); j <= cell(y + near); j++) {
        for (TextPosition other : drawn.getOrDefault(key(i, j), List.of())) {
          if (Math.abs(other.getTextMatrix().getTranslateX() - x) < near
              && Math.abs(other.getTextMatrix().getTranslateY() - y) < near
              && letter.getUnicode().equals(other.getUnicode())) {
            return true;
          }
        }
      }
    }
    List<TextPosition> here = drawn.computeIfAbsent(key(cell(x), cell(y)), c -> new ArrayList<>());
    if (here.size() < MOST_IN_CELL) {
      here.add(letter);
    }
    return false;
  }

  private static long cell(double place) {
    return (long) Math.floor(place / CELL);
  }

  /** Neighbours get keys far apart: their hashes must not meet. */
  private static long key(long column, long row) {
    return column * 0x9E3779B97F4A7C15L + row;
  }

  private @Nullable Glyph glyph(TextPosition letter, boolean spaceBefore) {
    Matrix at = letter.getTextMatrix();
    double x = at.getTranslateX() + shiftX;
    double y = at.getTranslateY() + shiftY;
    double dx = letter.getEndX() + shiftX - x;
    double dy = letter.getEndY() + shiftY - y;
    Direction direction = Direction.of(at.getScaleX(), at.getShearY());
    double size = Math.hypot(at.getShearX(), at.getScaleY());
    if (!Double.isFinite(x + y + dx + dy + size) || Math.abs(x) > 1e5 || Math.abs(y) > 1e5) {
      return null;
    }
    size = Math.clamp(size, 0.5, 2_000);
    if (Math.abs(dx) > 2_000 || Math.abs(dy) > 2_000) {
      return null;
    }
    Shape shape = shapes.computeIfAbsent(letter.getFont(), Glyphs::shape);
    double start = direction.along(x, y);
    double end = direction.along(x + dx, y + dy);
    double left = Math.min(start, end);
    double right = Math.max(start, end);
    double baseline = direction.down(x, y);
    double top = baseline - shape.ascent() * size;
    double bottom = baseline + shape.descent() * size;
    double space = Math.clamp(0.5 * letter.getWidthOfSpace(), 0.12 * size, 0.17 * size);
    return new Glyph(
        letter.getUnicode(),
        left,
        right,
        top,
        bottom,
        baseline,
        size,
        Double.isNaN(space) ? 0.17 * size : space,
        shape.bold(),
        shape.fixed(),
        spaceBefore,
        direction,
        box(direction, left, right, top, bottom));
  }

  private static Box box(
      Direction direction, double left, double right, double top, double bottom) {
    return switch (direction) {
      case RIGHT -> new Box((float) left, (float) -bottom, (float) right, (float) -top);
      case UP -> new Box((float) top, (float) left, (float) bottom, (float) right);
      case LEFT -> new Box((float) -right, (float) top, (float) -left, (float) bottom);
      case DOWN -> new Box((float) -bottom, (float) -right, (float) -top, (float) -left);
    };
  }

  private static Shape shape(PDFont font) {
    double ascent = 0.75;
    double descent = 0.22;
    boolean bold = false;
    boolean fixed = false;
    PDFontDescriptor descriptor = font.getFontDescriptor();
    if (descriptor != null) {
      double above = Math.abs(descriptor.getAscent()) / 1000;
      double below = Math.abs(descriptor.getDescent()) / 1000;
      ascent = above > 0.5 && above < 1.1 ? above : ascent;
      descent = below > 0.05 && below < 0.4 ? below : descent;
      fixed = descriptor.isFixedPitch();
      bold = descriptor.isForceBold() || descriptor.getFontWeight() >= 600;
    }
    String name = String.valueOf(font.getName()).toLowerCase(Locale.ROOT);
    return new Shape(
        ascent,
        descent,
        bold || name.contains("bold") || name.contains("black") || name.matches("(.*\\+)?cmbx.*"),
        fixed || FIXED.matcher(name).find());
  }
}
