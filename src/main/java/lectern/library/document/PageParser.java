package lectern.library.document;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/** Reads what is one page of text: plain, Markdown or HTML. */
final class PageParser {
  private static final Pattern BLANK_LINES = Pattern.compile("\\n[\\s&&[^\\n]]*(?:\\n\\s*)+");

  private PageParser() {}

  static ParsedDocument read(String text, Format format, Progress progress) {
    return switch (format) {
      case TEXT -> ofHtml(paragraphs(text), progress);
      case MARKDOWN -> ofHtml(MarkdownText.html(text, progress), progress);
      case HTML -> ofHtml(text, progress);
      case EPUB, PDF -> throw new IllegalArgumentException("Not a page: " + format);
    };
  }

  private static ParsedDocument ofHtml(String html, Progress progress) {
    Document page = CanonicalText.parse(html, "", progress);
    String title = ParsedDocument.shortened(page.title());
    String language = ParsedDocument.language(page.attr("lang"), page.select("html").attr("lang"));
    String author = ParsedDocument.shortened(page.select("meta[name=author]").attr("content"));
    CanonicalText text = CanonicalText.linked(page, progress);
    return new ParsedDocument(
        title.isEmpty() ? ParsedDocument.shortened(firstHeading(text)) : title,
        orNull(author),
        orNull(language),
        List.of(new Part(null, text)),
        headings(text, 0),
        List.of());
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static String firstHeading(CanonicalText text) {
    return text.blocks().stream()
        .limit(8)
        .filter(block -> block.type() == BlockType.HEADING_1 || block.type() == BlockType.HEADING_2)
        .findFirst()
        .map(text::slice)
        .orElse("");
  }

  /** The headings of a text as its table of contents. */
  static List<OutlineEntry> headings(CanonicalText text, int part) {
    List<OutlineEntry> outline = new ArrayList<>();
    CanonicalText.Slices slices = text.slices();
    for (Block block : text.blocks()) {
      int level = block.type().headingLevel();
      if (level > 0 && outline.size() < OutlineEntry.MOST) {
        String title = ParsedDocument.shortened(slices.next(block));
        outline.add(new OutlineEntry(title, level, part, block.start()));
      }
    }
    return outline;
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
