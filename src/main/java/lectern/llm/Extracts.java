package lectern.llm;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer made of nothing but sentences of the given passages, those that bear on the question.
 *
 * <p>Every sentence is scored by BM25 against the question, the sentences of all passages being the
 * collection: a word counts the more, the fewer sentences have it, and repeating it helps less and
 * less. It needs no training and no data, follows any language that has words, and gives the same
 * answer to the same question every time. Half of the best score is the bar for company.
 */
final class Extracts {
  /** As much as is looked at; more than any prompt holds. */
  private static final int MOST_CHARACTERS = 200_000;

  /** More would be the passage over again. */
  private static final int MOST_SENTENCES = 6;

  /** A text without full stops is quoted in pieces of at most this many characters. */
  private static final int LONGEST = 600;

  private static final double COMPANY = 0.5;

  /**
   * BM25's usual constants: how fast repetition saturates, how much length is held against a
   * sentence.
   */
  private static final double K1 = 1.2;

  private static final double B = 0.75;

  private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]<>]|^[#+=~-]|^\\d+(?=[.)])");

  private Extracts() {}

  /** The answer as markdown, in pieces that make sense one by one. */
  static List<String> answer(Prompt prompt) {
    if (prompt.passages().isEmpty()) {
      return List.of(
          "There is nothing to quote from. ",
          "This built-in model can only quote passages: select some text while reading, quote it here"
              + " and ask again.");
    }
    Set<String> asked = new HashSet<>(Terms.of(prompt.question()));
    if (asked.isEmpty()) {
      return List.of(
          "The question has no word to look for. ",
          "This built-in model finds sentences by the words they share with the question: name what you"
              + " want to know about.");
    }
    List<Sentence> found = best(sentences(prompt.passages()), asked);
    return found.isEmpty() ? nothing(prompt.passages().size()) : quoted(found);
  }

  private static List<String> nothing(int passages) {
    return List.of(
        passages == 1 ? "Nothing in the quoted passage " : "Nothing in the quoted passages ",
        "bears on the question: no sentence shares a word with it. "
            + "Ask with words the text uses, or quote another passage.");
  }

  // Finding

  private static List<Sentence> sentences(List<Prompt.Passage> passages) {
    List<Sentence> sentences = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int left = MOST_CHARACTERS;
    for (Prompt.Passage passage : passages) {
      String text = passage.text().substring(0, Math.min(left, passage.text().length()));
      left -= text.length();
      for (String sentence : split(text)) {
        if (seen.add(sentence)) {
          sentences.add(new Sentence(sentences.size(), passage, sentence, Terms.of(sentence)));
        }
      }
    }
    return sentences;
  }

  /** Blocks first: a heading has no full stop, and what follows it is another sentence. */
  private static List<String> split(String text) {
    List<String> sentences = new ArrayList<>();
    for (String block : text.split("\\R+", -1)) {
      BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
      breaks.setText(block);
      int start = breaks.first();
      for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
        addPieces(block.substring(start, end).strip(), sentences);
        start = end;
      }
    }
    return sentences;
  }

  private static void addPieces(String sentence, List<String> sentences) {
    String rest = sentence;
    while (rest.length() > LONGEST) {
      int blank = rest.lastIndexOf(' ', LONGEST);
      int cut = blank > 0 ? blank : rest.offsetByCodePoints(0, LONGEST / 2);
      sentences.add(rest.substring(0, cut).strip());
      rest = rest.substring(cut).strip();
    }
    if (!rest.isEmpty()) {
      sentences.add(rest);
    }
  }

  private static List<Sentence> best(List<Sentence> sentences, Set<String> asked) {
    Map<String, Integer> having = new HashMap<>();
    sentences.forEach(
        s -> new HashSet<>(s.terms).forEach(term -> having.merge(term, 1, Integer::sum)));
    double length = sentences.stream().mapToInt(s -> s.terms.size()).average().orElse(1);
    List<Scored> scored =
        sentences.stream()
            .map(s -> new Scored(s, score(s, asked, having, sentences.size(), length)))
            .filter(s -> s.score > 0)
            .sorted(Comparator.comparingDouble(Scored::score).reversed())
            .limit(MOST_SENTENCES)
            .toList();
    return scored.stream()
        .filter(s -> s.score >= scored.getFirst().score * COMPANY)
        .map(Scored::sentence)
        .sorted(Comparator.comparingInt(Sentence::at))
        .toList();
  }

  private static double score(
      Sentence sentence, Set<String> asked, Map<String, Integer> having, int of, double length) {
    double norm = K1 * (1 - B + B * sentence.terms.size() / Math.max(1, length));
    double score = 0;
    for (String term : asked) {
      long times = sentence.terms.stream().filter(term::equals).count();
      int n = having.getOrDefault(term, 0);
      double rarity = Math.log(1 + (of - n + 0.5) / (n + 0.5));
      score += rarity * times * (K1 + 1) / (times + norm);
    }
    return score;
  }

  // Saying

  private static List<String> quoted(List<Sentence> found) {
    List<String> pieces = new ArrayList<>();
    pieces.add("From the quoted text:\n");
    for (int i = 0; i < found.size(); i++) {
      Sentence sentence = found.get(i);
      boolean goesOn = i > 0 && found.get(i - 1).passage.equals(sentence.passage);
      pieces.add((goesOn ? ">\n> " : "\n> ") + escaped(sentence.text) + "\n");
      if (i == found.size() - 1 || !found.get(i + 1).passage.equals(sentence.passage)) {
        pieces.add(">\n> — " + source(sentence.passage) + "\n");
      }
    }
    return pieces;
  }

  private static String source(Prompt.Passage passage) {
    String title = escaped(passage.source().strip());
    return title.isEmpty() ? "untitled" : title;
  }

  /** What would be read as markup stands for itself. */
  private static String escaped(String text) {
    return MARKUP
        .matcher(text.replaceAll("\\s+", " "))
        .replaceAll(
            found -> {
              boolean number = Character.isDigit(found.group().charAt(0));
              return Matcher.quoteReplacement(number ? found.group() + "\\" : "\\" + found.group());
            });
  }

  /** One sentence, where it stands among all, and its terms. */
  private record Sentence(int at, Prompt.Passage passage, String text, List<String> terms) {}

  private record Scored(Sentence sentence, double score) {}
}
