package lectern.library.document;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * What an EPUB says of itself: its package document, found through its container. XML is read by a
 * parser that knows no external entities and expands none of its own.
 *
 * @param spine the paths of its chapters in reading order; those outside of it come last
 * @param navigation the path of its EPUB 3 table of contents; empty when it has none
 * @param ncx the path of its EPUB 2 table of contents, likewise
 */
record EpubPackage(
    String title,
    String author,
    String language,
    List<String> spine,
    String navigation,
    String ncx) {

  /** The most bytes of one XML file: package, table of contents, chapter. */
  static final long MAX_XML = 16L << 20;

  private static final int MAX_DEPTH = 200;
  private static final int MOST_CHAPTERS = 5000;
  private static final String CONTAINER = "META-INF/container.xml";
  private static final String ENCRYPTION = "META-INF/encryption.xml";

  /** Fonts scrambled in these ways hide nothing but themselves. */
  private static final Set<String> FONTS =
      Set.of("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC");

  private static final Set<String> PAGES =
      Set.of("application/xhtml+xml", "text/html", "text/x-oeb1-document");

  EpubPackage {
    spine = List.copyOf(spine);
  }

  private record Item(String path, String type, String properties) {}

  static EpubPackage read(Archive archive, Progress progress) {
    refuseEncrypted(archive, progress);
    Document container = xml(archive, CONTAINER, progress);
    if (container == null) {
      throw new Unreadable(
          "This is a packed file, but not an EPUB: it does not say what is in it.");
    }
    String path =
        named(container, "rootfile")
            .map(file -> Paths.resolve("", file.attr("full-path")))
            .filter(archive::has)
            .findFirst()
            .orElse("");
    Document document = xml(archive, path, progress);
    if (document == null) {
      throw new Unreadable("This EPUB is damaged: its list of contents is missing.");
    }
    return of(document, path);
  }

  private static void refuseEncrypted(Archive archive, Progress progress) {
    Document encryption = xml(archive, ENCRYPTION, progress);
    if (encryption != null
        && named(encryption, "encryptionmethod")
            .filter(method -> !local(method.parent()).equals("encryptedkey"))
            .anyMatch(method -> !FONTS.contains(method.attr("Algorithm")))) {
      throw new Unreadable("This book is encrypted (DRM), so it cannot be read here.");
    }
  }

  private static EpubPackage of(Document document, String path) {
    Map<String, Item> manifest = new LinkedHashMap<>();
    named(document, "item")
        .forEach(
            item ->
                manifest.putIfAbsent(
                    item.attr("id"),
                    new Item(
                        Paths.resolve(path, item.attr("href")),
                        item.attr("media-type"),
                        item.attr("properties"))));
    return new EpubPackage(
        text(document, "title"),
        text(document, "creator"),
        text(document, "language"),
        spine(document, manifest),
        first(manifest, item -> List.of(item.properties().split("\\s+")).contains("nav")),
        first(manifest, item -> item.type().equals("application/x-dtbncx+xml")));
  }

  private static List<String> spine(Document document, Map<String, Item> manifest) {
    Set<String> linear = new LinkedHashSet<>();
    Set<String> aside = new LinkedHashSet<>();
    named(document, "itemref")
        .forEach(
            reference -> {
              Item item = manifest.get(reference.attr("idref"));
              if (item != null && isPage(item)) {
                (reference.attr("linear").equals("no") ? aside : linear).add(item.path());
              }
            });
    aside.removeAll(linear);
    return Stream.concat(linear.stream(), aside.stream()).limit(MOST_CHAPTERS).toList();
  }

  private static boolean isPage(Item item) {
    return PAGES.contains(item.type()) || item.path().matches("(?i).*\\.x?html?");
  }

  private static String first(Map<String, Item> manifest, Predicate<Item> wanted) {
    return manifest.values().stream().filter(wanted).map(Item::path).findFirst().orElse("");
  }

  private static String text(Document document, String name) {
    return named(document, name)
        .map(element -> ParsedDocument.shortened(element.text()))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  static @Nullable Document xml(Archive archive, String path, Progress progress) {
    return archive
        .read(path, MAX_XML)
        .map(bytes -> new WatchedReader(Decoding.decode(bytes, Format.HTML), progress))
        .map(text -> Parser.xmlParser().setMaxDepth(MAX_DEPTH).parseInput(text, ""))
        .orElse(null);
  }

  /** Elements of that name, whatever prefix their namespace has. */
  static Stream<Element> named(Element within, String name) {
    return within.stream().filter(element -> local(element).equals(name));
  }

  static String local(@Nullable Element element) {
    String name = element == null ? "" : element.normalName();
    return name.substring(name.indexOf(':') + 1);
  }

  /** References of one file in the archive to another. */
  static final class Paths {
    private Paths() {}

    /**
     * The path a reference in a file leads to, without its anchor; empty when out of the archive.
     */
    static String resolve(String from, String reference) {
      String path = decoded(reference.replaceFirst("[#?].*", ""));
      Deque<String> steps = new ArrayDeque<>();
      String whole =
          path.startsWith("/") ? path : from.substring(0, from.lastIndexOf('/') + 1) + path;
      for (String step : whole.split("/")) {
        if (step.equals("..")) {
          if (steps.pollLast() == null) {
            return "";
          }
        } else if (!step.isEmpty() && !step.equals(".")) {
          steps.addLast(step);
        }
      }
      return String.join("/", steps);
    }

    static String anchor(String reference) {
      int hash = reference.indexOf('#');
      return hash < 0 ? "" : decoded(reference.substring(hash + 1));
    }

    static String decoded(String text) {
      try {
        return URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return text;
      }
    }
  }
}
