package lectern.library.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.internal.InlineParserImpl;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.InlineParser;
import org.commonmark.parser.InlineParserContext;
import org.commonmark.parser.Parser;
import org.commonmark.parser.SourceLines;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Markdown to HTML in bounded time. The parser reads lines as they come and is asked between them;
 * the marks within one paragraph can take it quadratic time, so those of a very long one are left
 * as they are written.
 */
final class MarkdownText {

  /** A paragraph whose marks are read, in UTF-16 units; the worst takes a second or two. */
  private static final int LONGEST_PARAGRAPH = 32_768;

  /** Cells of all tables together, were each as wide as the widest line. */
  private static final long MOST_CELLS = 500_000;

  /** Quotes and lists begun within each other on one line, which is no rule across the page. */
  private static final Pattern DEEP =
      Pattern.compile(
          "(?m)^(?![ \\t]*+(?:(?:[*][ \\t]*+)++|(?:-[ \\t]*+)++)$)"
              + "(?:[ \\t]*+(?:>|(?:[-+*]|[0-9]{1,9}[.)])(?=[ \\t]))){200}");

  private static final Extension STRUCK = StrikethroughExtension.create();
  private static final List<Extension> WITH_TABLES = List.of(STRUCK, TablesExtension.create());

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(WITH_TABLES).build();

  private MarkdownText() {}

  static String html(String text, Progress progress) {
    if (DEEP.matcher(text).find()) {
      throw new Unreadable("This document is nested too deeply to be read.");
    }
    Parser parser =
        Parser.builder()
            .extensions(cells(text) > MOST_CELLS ? List.of(STRUCK) : WITH_TABLES)
            .inlineParserFactory(context -> new Bounded(context, progress))
            .build();
    try {
      return RENDERER.render(parser.parseReader(new WatchedReader(text, progress)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each row of a table is filled up to the width of its head, and costs nothing to write. */
  private static long cells(String text) {
    long rows = 0;
    long widest = 0;
    long width = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '|') {
        rows += width == 0 ? 1 : 0;
        width++;
        widest = Math.max(widest, width);
      } else if (text.charAt(i) == '\n' || text.charAt(i) == '\r') {
        width = 0;
      }
    }
    return rows * widest;
  }

  /** The library's own reading of one paragraph, where it may go on and is not too long. */
  private static final class Bounded implements InlineParser {
    private final InlineParserImpl parser;
    private final Progress progress;

    Bounded(InlineParserContext context, Progress progress) {
      this.parser = new InlineParserImpl(context);
      this.progress = progress;
    }

    @Override
    public void parse(SourceLines lines, Node block) {
      progress.check();
      String written = lines.getContent();
      if (written.length() > LONGEST_PARAGRAPH) {
        block.appendChild(new Text(written));
      } else {
        parser.parse(lines, block);
      }
    }
  }
}
