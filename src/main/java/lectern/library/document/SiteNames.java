package lectern.library.document;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;

/**
 * What a site calls itself, and titles without it: "Hedges | The Walker" of the site "The Walker".
 */
final class SiteNames {
  private static final Pattern NAMED =
      Pattern.compile("(?s)(.*\\S)\\s+[|\\-\\u2013\\u2014\\u00B7\\u2022\\u00BB:]\\s+(\\S[^|]*)");

  private SiteNames() {}

  /** The names that a page's site is known by, bare: its own word, its host, its host's name. */
  static List<String> of(Document page, String address) {
    String host = host(address);
    return Stream.of(
            page.select("meta[property=og:site_name]").attr("content"),
            host,
            host.replaceFirst("\\.[^.]*$", ""))
        .map(SiteNames::bare)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static String host(String address) {
    try {
      String host = URI.create(address).getHost();
      return host == null || host.matches("[0-9.]+|\\[.*") ? "" : host.replaceFirst("^www\\.", "");
    } catch (IllegalArgumentException none) {
      return "";
    }
  }

  /** The title less the site's name at its end; a title that is nothing else stays. */
  static String without(String title, List<String> names) {
    Matcher named = NAMED.matcher(title.strip());
    return named.matches() && names.contains(bare(named.group(2))) ? named.group(1) : title;
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }
}
