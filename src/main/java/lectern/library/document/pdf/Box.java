package lectern.library.document.pdf;

/** A rectangle on a page, in points of PDF user space: the origin is at the bottom left. */
public record Box(float left, float bottom, float right, float top) {

  Box with(Box other) {
    return new Box(
        Math.min(left, other.left),
        Math.min(bottom, other.bottom),
        Math.max(right, other.right),
        Math.max(top, other.top));
  }

  public float width() {
    return right - left;
  }

  public float height() {
    return top - bottom;
  }

  public float centreX() {
    return (left + right) / 2;
  }

  public float centreY() {
    return (bottom + top) / 2;
  }

  /** The part of it from {@code from} to {@code to}, both between 0 and 1, along a direction. */
  Box part(Direction along, float from, float to) {
    return switch (along) {
      case RIGHT -> new Box(left + from * width(), bottom, left + to * width(), top);
      case LEFT -> new Box(right - to * width(), bottom, right - from * width(), top);
      case UP -> new Box(left, bottom + from * height(), right, bottom + to * height());
      case DOWN -> new Box(left, top - to * height(), right, top - from * height());
    };
  }
}
