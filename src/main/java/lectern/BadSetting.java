package lectern;

/**
 * A setting that stops the start: its name, what is wrong with its value, and a value that works.
 */
final class BadSetting extends RuntimeException {
  BadSetting(String message) {
    super(message, null, false, false);
  }

  static BadSetting of(String name, String problem, String example) {
    return new BadSetting(name + ": " + problem + ". A value that works: " + example);
  }
}
