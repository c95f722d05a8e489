package lectern.conversation;

import java.util.regex.Pattern;

/**
 * What conversations are called: the opening words of the first question until somebody names them
 * better, on one line.
 */
final class Titles {
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cf}]*");

  /** Long enough to tell conversations apart, short enough for one line of a list. */
  private static final int LENGTH = 60;

  private Titles() {}

  static String from(String question) {
    String line = onOneLine(question);
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

  static String onOneLine(String title) {
    return SPACES.matcher(title).replaceAll(" ").strip();
  }

  /** Whether there is nothing in it that a reader would see. */
  static boolean isUnseen(String text) {
    return UNSEEN.matcher(text).matches();
  }
}
