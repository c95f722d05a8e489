package lectern.library.document;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lectern.library.document.EpubPackage.Paths;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * One readable unit in its stored form: HTML that is safe to show, the text that offsets count, and
 * the blocks that tie the two together.
 *
 * <p>The canonical text is made of leaf blocks: elements, or stretches of loose text in a
 * container, that hold words but no further block. Its laws:
 *
 * <ul>
 *   <li>Each leaf block in the HTML carries {@code data-o}, its first code point's offset, and its
 *       text content is its slice of the text without the separator after it.
 *   <li>Leaf blocks are joined by two newlines; items of one list and rows of one table by one;
 *       cells by a tab, within a row's block, or between blocks where cells hold blocks themselves.
 *   <li>Runs of white space are one space, none at either end of a line. Preformatted text keeps
 *       its line breaks, tabs and spaces, but no blank lines at its start and no white space at its
 *       end. A {@code br} is one newline.
 *   <li>The text is in Normalisation Form C, without control characters.
 *   <li>The same HTML with other white space between its tags gives the same text, and the HTML
 *       given back gives itself.
 * </ul>
 *
 * @param html sanitised, white space collapsed
 * @param text the canonical text
 * @param blocks contiguous, covering all of the text; none where the text is empty
 */
public record CanonicalText(String html, String text, List<Block> blocks) {

  /**
   * Elements open at once while parsing; deeper ones become siblings. Far above what pages need,
   * and it bounds the time that unclosed elements without end can take.
   */
  private static final int MAX_DEPTH = 200;

  /** Elements that a parser keeps a note of until they are closed, however deep they stand. */
  private static final Pattern NOTED =
      Pattern.compile("<(/?)(?:table|object|applet|marquee|template)\\b", CASE_INSENSITIVE);

  /** The longest of their tags' beginnings, and the character after it. */
  private static final int NOTED_LENGTH = 12;

  /** How many of them may be open; the time they take grows with the square of their number. */
  private static final int MOST_NOTED = 20_000;

  /** Start tags of one page; each becomes an object of some hundred bytes. */
  private static final int MOST_TAGS = 1_000_000;

  /** A link within a page, as {@link Markup} writes it. */
  private static final Pattern WITHIN =
      Pattern.compile("(<a(?: id=\"[^\"]*\")?(?: dir=\"[a-z]*\")? href=\"#)l-([^\"]+)\"");

  public CanonicalText {
    blocks = List.copyOf(blocks);
  }

  /**
   * The canonical form of any HTML, however broken or hostile.
   *
   * @param base what relative links are relative to; empty when nobody knows, and they go
   */
  public static CanonicalText of(String html, String base) {
    Progress progress = Progress.unwatched();
    return of(parse(html, base, progress), progress);
  }

  static Document parse(String html, String base, Progress progress) {
    refuseTooMuch(html);
    return Parser.htmlParser()
        .setMaxDepth(MAX_DEPTH)
        .parseInput(new WatchedReader(html, progress), base);
  }

  private static void refuseTooMuch(String html) {
    Matcher noted = NOTED.matcher(html);
    int open = 0;
    int tags = 0;
    for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
      tags += at + 1 < html.length() && Character.isLetter(html.charAt(at + 1)) ? 1 : 0;
      if (noted.region(at, Math.min(html.length(), at + NOTED_LENGTH)).lookingAt()) {
        open = Math.max(0, open + (noted.group(1).isEmpty() ? 1 : -1));
      }
      if (open > MOST_NOTED) {
        throw new Unreadable("This document is nested too deeply to be read.");
      }
      if (tags > MOST_TAGS) {
        throw new Unreadable("This document has too many parts to be read.");
      }
    }
  }

  /** The canonical form of a parsed page; the page is used up. */
  static CanonicalText of(Document page, Progress progress) {
    return of(page, progress, new HashMap<>());
  }

  /**
   * The same, and where the elements with ids stand.
   *
   * @param places is given, by id, the code-point offset of what follows
   */
  static CanonicalText of(Document page, Progress progress, Map<String, Integer> places) {
    return CanonicalWriter.write(Sanitiser.clean(page, progress), progress, places);
  }

  /** Of a page that is a document by itself: links within it lead to offsets, as those of books. */
  static CanonicalText linked(Document page, Progress progress) {
    Map<String, Integer> places = new HashMap<>();
    CanonicalText text = of(page, progress, places);
    String linked =
        WITHIN
            .matcher(text.html)
            .replaceAll(
                link -> {
                  Integer place = place(link.group(2), places);
                  return Matcher.quoteReplacement(
                      place == null
                          ? link.group()
                          : link.group(1) + "fragment-0" + (place == 0 ? "" : "-" + place) + '"');
                });
    return new CanonicalText(linked, text.text, text.blocks);
  }

  private static @Nullable Integer place(String written, Map<String, Integer> places) {
    String id = Parser.unescapeEntities(written, true);
    Integer place = places.get(id);
    return place == null ? places.get(Paths.decoded(id)) : place;
  }

  /** The words of one block, without its separator. */
  public String slice(Block block) {
    return text.substring(
            text.offsetByCodePoints(0, block.start()), text.offsetByCodePoints(0, block.end()))
        .stripTrailing();
  }

  /** The words of blocks asked for in their order, in one walk over the text. */
  Slices slices() {
    return new Slices();
  }

  final class Slices {
    private int offset;
    private int index;

    String next(Block block) {
      index = text.offsetByCodePoints(index, block.start() - offset);
      int end = text.offsetByCodePoints(index, block.end() - block.start());
      offset = block.start();
      return text.substring(index, end).stripTrailing();
    }
  }

  /** The length that offsets are checked against, in code points. */
  public int length() {
    return blocks.isEmpty() ? 0 : blocks.getLast().end();
  }
}
