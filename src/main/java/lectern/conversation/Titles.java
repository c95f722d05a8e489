package lectern.conversation;

/** A conversation's first title: the opening words of its first question. */
final class Titles {
  /** Long enough to tell conversations apart, short enough for one line of a list. */
  private static final int LENGTH = 60;

  private Titles() {}

  static String from(String question) {
    String line = question.replaceAll("\\s+", " ").strip();
    if (line.length() <= LENGTH) {
      return line;
    }
    int space = line.lastIndexOf(' ', LENGTH);
    int end = space > LENGTH / 2 ? space : LENGTH;
    if (Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end) + "…";
  }
}
