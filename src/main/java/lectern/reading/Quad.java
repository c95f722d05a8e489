package lectern.reading;

/**
 * A quadrilateral on a page, in points of PDF user space, whose origin is at the bottom left. Its
 * corners are, as PDF has them, top left, top right, bottom left and bottom right; whoever sends
 * one may have them in any order, since the rectangle around them counts.
 */
public record Quad(float x1, float y1, float x2, float y2, float x3, float y3, float x4, float y4) {

  static Quad of(float left, float bottom, float right, float top) {
    return new Quad(left, top, right, top, left, bottom, right, bottom);
  }

  boolean isAround(float x, float y) {
    return x >= Math.min(Math.min(x1, x2), Math.min(x3, x4))
        && x <= Math.max(Math.max(x1, x2), Math.max(x3, x4))
        && y >= Math.min(Math.min(y1, y2), Math.min(y3, y4))
        && y <= Math.max(Math.max(y1, y2), Math.max(y3, y4));
  }
}
