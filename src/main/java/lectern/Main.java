package lectern;

/** Builds everything in order and closes it in reverse. */
public final class Main {
  private Main() {}

  static void main(String[] args) {
    System.exit(args.length == 0 ? 0 : 2);
  }
}
