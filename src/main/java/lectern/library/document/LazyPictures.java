package lectern.library.document;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Pictures that a page means to load later, by a script that is not run here: their addresses are
 * put where those of other pictures are.
 */
final class LazyPictures {

  /** Where scripts find the address of a picture. */
  private static final List<String> SOURCES =
      List.of("data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src");

  private static final List<String> SETS = List.of("srcset", "data-srcset", "data-lazy-srcset");

  /** What stands in for a picture until it is loaded. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?i)^data:|^about:|^#|(?:^|[/_-])(?:placeholder|spacer|blank|pixel|1x1|lazy|loading)");

  /** As wide as a picture of an article is shown, on fine screens. */
  private static final double WIDE = 2000;

  private LazyPictures() {}

  static void settle(Document page) {
    page.select("noscript").forEach(LazyPictures::unfold);
    page.select("img").forEach(LazyPictures::settle);
  }

  /** A picture for those without scripts takes the place of the one for those with. */
  private static void unfold(Element noscript) {
    Element inside = noscript.selectFirst("img");
    if (inside == null) {
      return;
    }
    Element before = noscript.previousElementSibling();
    if (before != null && before.normalName().equals("img")) {
      before.remove();
    }
    noscript.replaceWith(inside);
  }

  private static void settle(Element image) {
    if (isDot(image)) {
      image.remove();
      return;
    }
    String source = image.attr("src").strip();
    if (!source.isEmpty() && !PLACEHOLDER.matcher(source).find() && !hasLater(image)) {
      return;
    }
    String better = later(image);
    if (better.isEmpty()) {
      better = best(image);
    }
    if (!better.isEmpty()) {
      image.attr("src", better);
    }
  }

  private static boolean hasLater(Element image) {
    return !later(image).isEmpty();
  }

  private static String later(Element image) {
    return SOURCES.stream()
        .map(name -> image.attr(name).strip())
        .filter(source -> !source.isEmpty() && !source.startsWith("data:"))
        .findFirst()
        .orElse("");
  }

  /** The best of all sets of the picture, those of a {@code picture} around it included. */
  private static String best(Element image) {
    for (String name : SETS) {
      if (image.hasAttr(name)) {
        return best(image.attr(name));
      }
    }
    Element around = image.parent();
    if (around == null || !around.normalName().equals("picture")) {
      return "";
    }
    for (Element source : around.select("source")) {
      String type = source.attr("type").toLowerCase(Locale.ROOT);
      if (!type.contains("avif") && !type.contains("svg")) {
        String set = source.attr("srcset");
        return best(set.isEmpty() ? source.attr("data-srcset") : set);
      }
    }
    return "";
  }

  /** The widest that is not wider than needed, else the narrowest. */
  static String best(String set) {
    String best = "";
    double width = 0;
    for (String candidate : set.strip().split(",\\s+|,(?=https?:)")) {
      String[] parts = candidate.strip().split("\\s+", 2);
      double wide = parts.length < 2 ? 1 : wide(parts[1].strip());
      boolean better =
          width > WIDE ? wide < width : wide > width && (wide <= WIDE || best.isEmpty());
      if (!parts[0].isEmpty() && !parts[0].startsWith("data:") && better) {
        best = parts[0];
        width = wide;
      }
    }
    return best;
  }

  private static double wide(String descriptor) {
    return descriptor.matches("[0-9]{1,6}(?:\\.[0-9]{1,4})?[wx]")
        ? Double.parseDouble(descriptor.substring(0, descriptor.length() - 1))
        : 1;
  }

  /** Pictures of one or two dots count visits and show nothing. */
  private static boolean isDot(Element image) {
    return image.attr("width").strip().matches("[012](?:px)?")
        && image.attr("height").strip().matches("[012](?:px)?");
  }
}
