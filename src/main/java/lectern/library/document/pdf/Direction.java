package lectern.library.document.pdf;

/** Where a line of text runs, in PDF user space; slanted text counts as the nearest of the four. */
enum Direction {
  RIGHT,
  UP,
  LEFT,
  DOWN;

  static Direction of(double dx, double dy) {
    if (Math.abs(dx) >= Math.abs(dy)) {
      return dx < 0 ? LEFT : RIGHT;
    }
    return dy < 0 ? DOWN : UP;
  }

  /** How far along its line a point is. */
  double along(double x, double y) {
    return switch (this) {
      case RIGHT -> x;
      case UP -> y;
      case LEFT -> -x;
      case DOWN -> -y;
    };
  }

  /** How far down the page a point is for somebody who reads these lines. */
  double down(double x, double y) {
    return switch (this) {
      case RIGHT -> -y;
      case UP -> x;
      case LEFT -> y;
      case DOWN -> -x;
    };
  }
}
