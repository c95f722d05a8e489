package lectern.library.document.pdf;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The words of a document, as far as they tell whether a hyphen at the end of a line belongs to its
 * word or is there for the break alone.
 */
final class Words {
  /** Kept of each kind; a long book has some ten thousand. */
  private static final int MOST = 100_000;

  private static final int LONGEST = 40;

  /** Shorter parts of a broken word are often words by chance. */
  private static final int SHORTEST = 3;

  /** Words to one compound with a hyphen, in a text that writes its compounds so. */
  private static final int RARE = 500;

  /** What is always followed by a hyphen in English, before a word of some length. */
  private static final Set<String> BEFORE_A_HYPHEN =
      Set.of("first", "second", "third", "two", "three", "self", "well", "full");

  private static final int SOME_LENGTH = 5;

  private final Set<String> alone = new HashSet<>();
  private final Set<String> compounds = new HashSet<>();
  private long count;
  private long compoundCount;

  /** Learns the words of a text. Those broken at one of these places are not known yet. */
  void add(String text, Set<Integer> breaks) {
    int start = 0;
    boolean broken = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (isPart(c)) {
        broken |= breaks.contains(i);
      } else {
        if (i > start && !broken && i - start <= 2 * LONGEST) {
          learn(text.substring(start, i));
        }
        start = i + 1;
        broken = false;
      }
    }
  }

  private static boolean isPart(char c) {
    return Character.isLetter(c) || isHyphen(c) || Character.isSurrogate(c) || isMark(c);
  }

  private static boolean isMark(char c) {
    return Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static boolean isHyphen(char c) {
    return c == '-' || c == '\u2010';
  }

  private void learn(String word) {
    String[] parts = lower(word).replace('\u2010', '-').split("-", -1);
    count++;
    if (parts.length == 1) {
      keep(alone, parts[0]);
    }
    for (int i = 1; i < parts.length; i++) {
      if (!parts[i - 1].isEmpty() && !parts[i].isEmpty()) {
        compoundCount++;
        keep(compounds, parts[i - 1] + "-" + parts[i]);
      }
    }
  }

  private static void keep(Set<String> words, String word) {
    if (words.size() < MOST && word.length() <= LONGEST) {
      words.add(word);
    }
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a hyphen between two lines stays. What the document writes elsewhere decides: the
   * compound with its hyphen, else the word without one. Where it writes neither, a second hyphen
   * in the word and two parts that are words themselves speak for a compound; the latter not in a
   * language that writes its compounds without hyphens.
   *
   * @param text with the hyphen
   * @param at where the hyphen stands in it
   */
  boolean keepsHyphen(String text, int at) {
    int start = at;
    while (start > 0 && Character.isLetter(text.charAt(start - 1))) {
      start--;
    }
    int end = at + 1;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String before = lower(text.substring(start, at));
    String after = lower(text.substring(at + 1, end));
    if (compounds.contains(before + "-" + after)) {
      return true;
    }
    if (alone.contains(before + after)) {
      return false;
    }
    return hasHyphenBefore(text, start) || areWords(before, after);
  }

  private static boolean hasHyphenBefore(String text, int start) {
    for (int i = start - 1; i >= 0 && !Character.isWhitespace(text.charAt(i)); i--) {
      if (isHyphen(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean areWords(String before, String after) {
    boolean both =
        before.length() >= SHORTEST
            && after.length() >= SHORTEST
            && alone.contains(before)
            && alone.contains(after)
            && compoundCount * RARE >= count;
    return both || (BEFORE_A_HYPHEN.contains(before) && after.length() >= SOME_LENGTH);
  }
}
