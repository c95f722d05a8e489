package lectern.conversation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lectern.llm.Prompt.Passage;
import org.jspecify.annotations.Nullable;

/**
 * What a question quotes, as a model is shown it: numbered blocks in the order of the question.
 *
 * <p>Every line of a document, its title included, begins with {@code >}, so that nothing in it can
 * pass for words of the system: a text cannot leave its fence, because the fence is on each of its
 * lines, whatever it takes for a line break. A thing quoted twice is shown once. Windows of one
 * text that meet are shown once, as one, with the first passage they belong to.
 */
final class Passages {
  private static final String RULE = "\n\n---\n\n";

  /** Line breaks of every script and age are told apart by this, as by no model for certain. */
  private static final Pattern LINE_BREAK = Pattern.compile("\\R");

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");

  private final List<Quoted> quoted;
  private final Map<Quoted, Window> windows = new HashMap<>();

  private Passages(List<Quoted> quoted) {
    this.quoted = quoted;
    Map<UUID, List<Quoted>> byText = new LinkedHashMap<>();
    for (Quoted each : quoted) {
      if (each.fragmentId() != null && each.windowText() != null && each.windowStart() != null) {
        byText.computeIfAbsent(each.fragmentId(), _ -> new ArrayList<>()).add(each);
      }
    }
    byText.values().forEach(this::merge);
  }

  static Passages of(List<Quoted> quoted) {
    Set<List<Object>> seen = new HashSet<>();
    return new Passages(
        quoted.stream().filter(each -> seen.add(List.of(each.type(), each.id()))).toList());
  }

  /** Empty without any. */
  String render() {
    List<String> blocks = new ArrayList<>();
    for (Quoted each : quoted) {
      blocks.add(block(blocks.size() + 1, each));
    }
    return String.join(RULE, blocks);
  }

  /** The same as data, each text once; what has no words is not there. */
  List<Passage> asData() {
    return quoted.stream()
        .map(each -> new Passage(oneLine(titleOf(each)), each.sourceUrl(), textOf(each)))
        .filter(passage -> !passage.text().isBlank())
        .toList();
  }

  private String textOf(Quoted each) {
    Window window = windows.get(each);
    if (window != null) {
      return window.shownWith == each ? window.text.toString() : "";
    }
    return Objects.requireNonNullElse(each.windowText(), each.quotedText());
  }

  private String block(int number, Quoted each) {
    StringBuilder block = new StringBuilder("[" + number + "] ");
    switch (each.type()) {
      case MESSAGE, CONVERSATION -> block.append(titleOf(each));
      case MEDIA, HIGHLIGHT, ANNOTATION -> {
        block.append("From:\n> ").append(oneLine(titleOf(each)));
        if (each.sourceUrl() != null) {
          block.append("\n> ").append(oneLine(each.sourceUrl()));
        }
      }
    }
    if (!each.quotedText().isEmpty()) {
      block.append("\n\nQuoted:\n").append(fenced(each.quotedText()));
    }
    if (each.note() != null) {
      block.append("\n\nThe reader's note:\n").append(fenced(each.note()));
    }
    return block.append(around(each)).toString();
  }

  private String around(Quoted each) {
    Window window = windows.get(each);
    if (window != null && window.shownWith != each) {
      return "\n\nThe text around it stands with [%d]."
          .formatted(quoted.indexOf(window.shownWith) + 1);
    }
    String text = window == null ? each.windowText() : window.text.toString();
    return text == null || text.equals(each.quotedText())
        ? ""
        : "\n\nThe text around it:\n" + fenced(text);
  }

  private static String titleOf(Quoted each) {
    return switch (each.type()) {
      case MESSAGE -> "An earlier message";
      case CONVERSATION -> "An earlier conversation";
      case MEDIA, HIGHLIGHT, ANNOTATION -> Objects.requireNonNullElse(each.sourceTitle(), "");
    };
  }

  static String fenced(String text) {
    return LINE_BREAK
        .splitAsStream(text.stripTrailing())
        .map(line -> line.isBlank() ? ">" : "> " + line)
        .collect(Collectors.joining("\n"));
  }

  private static String oneLine(String text) {
    return BLANKS.matcher(text).replaceAll(" ").strip();
  }

  /** Windows of one text, from its beginning to its end; those that meet become one. */
  private void merge(List<Quoted> ofOneText) {
    Window last = null;
    for (Quoted each :
        ofOneText.stream().sorted(Comparator.comparing(Passages::startOf)).toList()) {
      String text = Objects.requireNonNull(each.windowText());
      if (last == null || startOf(each) > last.end) {
        last = new Window(each, text);
      } else {
        last.extend(each, text, quoted.indexOf(each) < quoted.indexOf(last.shownWith));
      }
      windows.put(each, last);
    }
  }

  private static int startOf(Quoted each) {
    @Nullable Integer start = each.windowStart();
    return start == null ? 0 : start;
  }

  /** A stretch of one text; positions count code points of it. */
  private static final class Window {
    private final StringBuilder text;
    private Quoted shownWith;
    private int end;

    Window(Quoted first, String text) {
      this.shownWith = first;
      this.text = new StringBuilder(text);
      this.end = startOf(first) + text.codePointCount(0, text.length());
    }

    void extend(Quoted more, String its, boolean earlier) {
      int known = end - startOf(more);
      int length = its.codePointCount(0, its.length());
      if (length > known) {
        text.append(its, its.offsetByCodePoints(0, known), its.length());
        end = startOf(more) + length;
      }
      if (earlier) {
        shownWith = more;
      }
    }
  }
}
