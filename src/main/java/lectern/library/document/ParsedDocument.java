package lectern.library.document;

import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.nodes.Document;

/**
 * A document that was read.
 *
 * @param title what it calls itself, at most {@value #MAX_TITLE} characters; empty when it does not
 * @param fragments its readable units in reading order, at least one of them with words
 */
public record ParsedDocument(String title, List<CanonicalText> fragments) {

  /** The longest title stored. */
  public static final int MAX_TITLE = 255;

  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), StrikethroughExtension.create());
  private static final Parser MARKDOWN = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(EXTENSIONS).build();
  private static final Pattern BLANK_LINES = Pattern.compile("\\n[\\s&&[^\\n]]*(?:\\n\\s*)+");

  public ParsedDocument {
    fragments = List.copyOf(fragments);
    if (fragments.stream().allMatch(fragment -> fragment.blocks().isEmpty())) {
      throw new Unreadable("There is no text in this document.");
    }
  }

  /** Reads a file of bytes in whatever encoding. */
  public static ParsedDocument read(byte[] bytes, Format format) {
    return read(Decoding.decode(bytes, format), format);
  }

  /** Refuses a file by its opening bytes when they cannot be those of a text. */
  public static void refuseBinary(byte[] opening, Format format) {
    Decoding.decode(opening, format);
  }

  /** Reads a text. One that nothing readable comes out of is {@link Unreadable}. */
  public static ParsedDocument read(String text, Format format) {
    try {
      return switch (format) {
        case TEXT -> ofHtml(paragraphs(text));
        case MARKDOWN -> ofHtml(RENDERER.render(MARKDOWN.parse(text)));
        case HTML -> ofHtml(text);
      };
    } catch (StackOverflowError e) {
      throw new Unreadable("This document is nested too deeply to be read.");
    }
  }

  private static ParsedDocument ofHtml(String html) {
    Document page = CanonicalText.parse(html, "");
    String title = shortened(page.title());
    CanonicalText text = CanonicalText.of(page);
    return new ParsedDocument(
        title.isEmpty() ? shortened(firstHeading(text)) : title, List.of(text));
  }

  private static String firstHeading(CanonicalText text) {
    return text.blocks().stream()
        .limit(8)
        .filter(block -> block.type() == BlockType.HEADING_1 || block.type() == BlockType.HEADING_2)
        .findFirst()
        .map(text::slice)
        .orElse("");
  }

  /** A title as it is stored: one line, without control characters, not too long. */
  public static String shortened(String title) {
    StringBuilder line = new StringBuilder();
    title
        .codePoints()
        .map(c -> Characters.isSpace(c) ? ' ' : Characters.whole(c))
        .filter(c -> !Character.isISOControl(c) && (c != ' ' || !endsInSpace(line)))
        .limit(MAX_TITLE)
        .forEach(line::appendCodePoint);
    return line.toString().strip();
  }

  private static boolean endsInSpace(StringBuilder line) {
    return line.isEmpty() || line.charAt(line.length() - 1) == ' ';
  }

  private static String paragraphs(String text) {
    StringBuilder html = new StringBuilder(text.length() + text.length() / 8);
    for (String paragraph : BLANK_LINES.split(text.replace("\r\n", "\n").replace('\r', '\n'))) {
      html.append("<p>");
      Markup.text(html, paragraph.strip());
      html.append("</p>");
    }
    return html.toString().replace("\n", "<br>");
  }
}
