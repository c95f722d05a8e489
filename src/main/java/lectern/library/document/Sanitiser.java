package lectern.library.document;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;
import org.jsoup.select.NodeFilter.FilterResult;

/**
 * The allowlist. What a page hides, and what could act, goes with its content; other unknown
 * elements go but their content stays where it was; then jsoup's cleaner copies only what is
 * listed.
 */
final class Sanitiser {

  /** Elements whose content is not the document's words, or that could act. */
  private static final Set<String> DROPPED =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "iframe",
          "frame",
          "frameset",
          "noframes",
          "form",
          "object",
          "embed",
          "applet",
          "param",
          "svg",
          "meta",
          "link",
          "base",
          "head",
          "title",
          "colgroup",
          "col",
          "area",
          "source",
          "track");

  /** Elements that mean the same as one we keep. */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          entry("del", "s"),
          entry("strike", "s"),
          entry("ins", "u"),
          entry("tt", "code"),
          entry("kbd", "code"),
          entry("samp", "code"),
          entry("xmp", "pre"),
          entry("listing", "pre"),
          entry("plaintext", "pre"),
          entry("dir", "ul"),
          entry("menu", "ul"),
          entry("summary", "p"),
          entry("legend", "p"),
          entry("center", "div"),
          entry("main", "div"),
          entry("address", "div"),
          entry("hgroup", "div"),
          entry("search", "div"),
          entry("details", "div"),
          entry("dialog", "div"),
          entry("fieldset", "div"));

  private static final Safelist KEPT =
      new Safelist()
          .addTags("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
          .addTags("strong", "em", "b", "i", "u", "s", "code", "sup", "sub", "a", "img")
          .addTags("ul", "ol", "li", "dl", "dt", "dd")
          .addTags("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
          .addTags("div", "section", "article", "header", "footer", "nav", "aside")
          .addTags("figure", "figcaption")
          .addAttributes(":all", "id", "dir")
          .addAttributes("a", "href", "title")
          .addAttributes("img", "alt", "src", "width", "height")
          .addAttributes("ol", "start")
          .addAttributes("th", "colspan", "rowspan")
          .addAttributes("td", "colspan", "rowspan")
          .addProtocols("a", "href", "http", "https", "mailto", "#");

  /** Elements that go, but for the place they mark. */
  private static final Set<String> MARKING =
      Set.of("span", "font", "big", "small", "cite", "q", "abbr");

  /** What links to the place where they stand show. */
  private static final Set<String> HANDLES = Set.of("#", "¶", "§", "\uD83D\uDD17");

  private static final Pattern INVISIBLE =
      Pattern.compile("(?:display\\s*:\\s*none|visibility\\s*:\\s*(?:hidden|collapse))");

  private Sanitiser() {}

  /** The page's body as a new page of kept elements only. The page given is used up. */
  static Document clean(Document page, Progress progress) {
    page.body()
        .filter(
            (node, depth) -> {
              progress.check();
              return verdict(node);
            });
    Document clean = new Cleaner(KEPT).clean(page);
    clean.body().select("a[href^=#]").stream().filter(Sanitiser::isHandle).forEach(Element::remove);
    return clean;
  }

  /** A mark beside a heading to take its address by, no word of it. */
  private static boolean isHandle(Element link) {
    return HANDLES.contains(link.text().strip())
        && link.closest("h1, h2, h3, h4, h5, h6, dt") != null;
  }

  private static FilterResult verdict(Node node) {
    if (node instanceof Comment) {
      return FilterResult.REMOVE;
    }
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    if (isDropped(element)) {
      return FilterResult.REMOVE;
    }
    String alias = ALIASES.get(element.normalName());
    if (alias != null) {
      element.tagName(alias);
    }
    keepPlace(element);
    if (isNavigation(element)) {
      element.select("h1, h2, h3, h4, h5, h6").forEach(heading -> heading.tagName("p"));
    }
    return FilterResult.CONTINUE;
  }

  /** What a link may lead to stays to be found where its element goes. */
  private static void keepPlace(Element element) {
    String name = element.normalName();
    if (name.equals("a") && !element.hasAttr("id") && element.hasAttr("name")) {
      element.attr("id", element.attr("name"));
    } else if (MARKING.contains(name) && element.hasAttr("id")) {
      element.tagName("a").removeAttr("href");
    }
  }

  /** Its headings are over ways out of the text, not over parts of it. */
  private static boolean isNavigation(Element element) {
    return element.normalName().equals("nav")
        || element.attr("role").strip().equalsIgnoreCase("navigation");
  }

  private static boolean isDropped(Element element) {
    if (DROPPED.contains(element.normalName())) {
      return true;
    }
    return element.attributesSize() > 0 ? isHidden(element) : element.normalName().equals("dialog");
  }

  private static boolean isHidden(Element element) {
    return element.hasAttr("hidden")
        || element.attr("aria-hidden").strip().equalsIgnoreCase("true")
        || (element.normalName().equals("dialog") && !element.hasAttr("open"))
        || (element.hasAttr("style")
            && INVISIBLE.matcher(element.attr("style").toLowerCase(Locale.ROOT)).find());
  }
}
