package lectern.library.document;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;

/** The start tags of one stored page. Attribute values were allowed by the sanitiser before. */
final class Markup {

  /** Keeps ids of a document apart from ids of the page it is shown in. */
  private static final String ID_PREFIX = "l-";

  private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.:-]{0,99}");

  /** Longest link address kept, as for addresses a reader types. */
  private static final int MAX_HREF = 2048;

  private final Set<String> ids = new HashSet<>();

  /** A start tag with the attributes the element may keep under that name. */
  String open(String tag, Element element) {
    StringBuilder out = new StringBuilder("<").append(tag);
    id(out, element);
    direction(out, element);
    switch (tag) {
      case "a" -> link(out, element);
      case "img" -> picture(out, element);
      case "ol" -> number(out, "start", element);
      case "td", "th" -> {
        number(out, "colspan", element);
        number(out, "rowspan", element);
      }
      default -> {}
    }
    return out.append('>').toString();
  }

  /** Whether a link leads anywhere. */
  static boolean leads(Element link) {
    String href = link.attr("href");
    return !href.isBlank() && !href.equals("#") && href.length() <= MAX_HREF;
  }

  private static void link(StringBuilder out, Element link) {
    String href = link.attr("href");
    attribute(out, "href", href.startsWith("#") ? "#" + prefixed(href.substring(1)) : href);
    if (link.hasAttr("title")) {
      attribute(out, "title", link.attr("title"));
    }
    if (!href.startsWith("#")) {
      out.append(" rel=\"noopener noreferrer\" target=\"_blank\" referrerpolicy=\"no-referrer\"");
    }
  }

  private static void picture(StringBuilder out, Element image) {
    String source = image.attr("src");
    if (Pictures.isSource(source)) {
      attribute(out, "src", source);
    }
    attribute(out, "alt", image.attr("alt"));
    if (Pictures.isSource(source)) {
      number(out, "width", image);
      number(out, "height", image);
    }
  }

  private void id(StringBuilder out, Element element) {
    String id = element.id();
    if (!id.isEmpty() && ID.matcher(id).matches() && ids.add(prefixed(id))) {
      attribute(out, "id", prefixed(id));
    }
  }

  private static String prefixed(String id) {
    return id.startsWith(ID_PREFIX) ? id : ID_PREFIX + id;
  }

  private static void direction(StringBuilder out, Element element) {
    switch (element.attr("dir")) {
      case "rtl" -> out.append(" dir=\"rtl\"");
      case "ltr" -> out.append(" dir=\"ltr\"");
      case "auto" -> out.append(" dir=\"auto\"");
      default -> {}
    }
  }

  private static void number(StringBuilder out, String name, Element element) {
    String value = element.attr(name).strip();
    if (value.matches("[0-9]{1,4}")) {
      attribute(out, name, value);
    }
  }

  private static void attribute(StringBuilder out, String name, String value) {
    out.append(' ').append(name).append("=\"");
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      switch (c) {
        case '"' -> out.append("&quot;");
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        default ->
            out.append(Character.isISOControl(c) ? "" : Character.toString(Characters.whole(c)));
      }
      i += Character.charCount(c);
    }
    out.append('"');
  }

  /** Appends words, escaped. Halves of surrogate pairs were replaced before. */
  static void text(StringBuilder out, CharSequence text) {
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      String escaped = escaped(text.charAt(i));
      if (!escaped.isEmpty()) {
        out.append(text, done, i).append(escaped);
        done = i + 1;
      }
    }
    out.append(text, done, text.length());
  }

  private static String escaped(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      default -> "";
    };
  }
}
