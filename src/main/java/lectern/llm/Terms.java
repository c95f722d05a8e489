package lectern.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text that can be looked for: lower case, without the little words of English,
 * German, French and Spanish, cut back to a common stem. Scripts without blanks between words give
 * pairs of neighbouring characters instead.
 *
 * <p>The stemmer takes off the commonest English endings only. It need not be right, just the same
 * for question and sentence, and a longer list would join more strangers than relatives.
 */
final class Terms {
  private static final Pattern RUN =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]+|[\\p{L}\\p{M}\\p{N}]+");

  private static final Set<String> LITTLE =
      Set.copyOf(
          List.of(
              ("a about after all also am an and any are as at be because been before being between both but by"
                      + " can could did do does doing down during each explain few for from further had has"
                      + " have having he her here hers him his how i if in into is it its itself just me"
                      + " mean means more most my no nor not of off on once only or other our out over own"
                      + " please s same say says she should so some such summarise summarize t tell than that"
                      + " the their them then there these they this those through to too under until up us"
                      + " very was we were what when where which while who whom why will with would you your"
                      + " aber als am an auch auf aus bei das dass dem den der des die ein eine einem einen"
                      + " einer es für hat ich ihr im in ist mit nach nicht noch oder sich sie sind über um"
                      + " und von war warum was wer wie wird wo zu zum zur au aux avec ce ces cette comme dans"
                      + " de des du elle est et il ils je la le les leur mais ne nous on ou où par pas pour"
                      + " que qui quoi sa se ses son sont sur un une vous al como con cuál del el en era es"
                      + " esta este la las lo los más no para pero por qué quién se sin su sus una y")
                  .split(" ", -1)));

  private static final List<String> ENDINGS =
      List.of("ations", "ation", "ings", "ing", "edly", "ed", "ly", "s");

  private Terms() {}

  /** In the order of the text, repeated as often as there. */
  static List<String> of(String text) {
    List<String> terms = new ArrayList<>();
    Matcher run = RUN.matcher(text.toLowerCase(Locale.ROOT));
    while (run.find()) {
      add(run.group(), terms);
    }
    return terms;
  }

  private static void add(String run, List<String> terms) {
    if (isUnspaced(run.codePointAt(0))) {
      int[] points = run.codePoints().toArray();
      for (int i = 0; i + 1 < points.length; i++) {
        terms.add(new String(points, i, 2));
      }
    } else if (!LITTLE.contains(run)) {
      terms.add(stem(run));
    }
  }

  private static boolean isUnspaced(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI -> true;
      default -> false;
    };
  }

  static String stem(String word) {
    String stem = word;
    if (word.endsWith("ies") && word.length() > 4) {
      stem = word.substring(0, word.length() - 3) + "y";
    } else if (!word.endsWith("ss") && !word.endsWith("us")) {
      stem =
          ENDINGS.stream()
              .filter(ending -> word.endsWith(ending) && word.length() - ending.length() >= 3)
              .findFirst()
              .map(ending -> word.substring(0, word.length() - ending.length()))
              .orElse(word);
    }
    return stem.length() > 3 && stem.endsWith("e") ? stem.substring(0, stem.length() - 1) : stem;
  }
}
