package lectern.library.document;

import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lectern.library.document.EpubPackage.Paths;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Reads EPUB 2 and 3: a part for each chapter of the spine, pictures, links between chapters, the
 * table of contents. Styles and scripts are ignored; what the book refers to and does not hold is
 * left out.
 */
final class EpubParser {

  /** The text of all chapters, markup included, in UTF-16 units. */
  private static final long MAX_TEXT = 32L << 20;

  /** In so many chapters a heading may be repeated, however short the book. */
  private static final int FEW_CHAPTERS = 2;

  /** Elements that end in themselves in HTML too. */
  private static final Set<String> VOID =
      Set.of("br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source");

  /** A link written by {@link Markup} from a number that {@link #link} put in. */
  private static final Pattern NUMBERED =
      Pattern.compile("(<a(?: id=\"[^\"]*\")?(?: dir=\"[a-z]*\")? href=\"#)l-([0-9]{1,7})\"");

  /** A place in the book: a chapter's path and an id in it, or none. */
  private record Target(String path, String anchor) {}

  /** A chapter that was read. */
  private record Chapter(CanonicalText text, Map<String, Integer> places) {}

  private final Archive archive;
  private final EpubPackage book;
  private final Progress progress;
  private final Set<String> spine;
  private final Pictures pictures = new Pictures();
  private final Map<String, Optional<Picture>> seen = new HashMap<>();
  private final Map<Target, Integer> numbers = new HashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final List<Chapter> chapters = new ArrayList<>();

  /** Lines of a table of contents that lead nowhere. */
  private int astray;

  private EpubParser(Archive archive, EpubPackage book, Progress progress) {
    this.archive = archive;
    this.book = book;
    this.spine = Set.copyOf(book.spine());
    this.progress = progress;
  }

  static ParsedDocument read(SeekableByteChannel file, Progress progress) {
    Archive archive = Archive.open(file, progress);
    EpubPackage book = EpubPackage.read(archive, progress);
    return new EpubParser(archive, book, progress).read();
  }

  private ParsedDocument read() {
    readChapters();
    List<OutlineEntry> stated = stated();
    Map<Integer, String> titles = new HashMap<>();
    stated.forEach(entry -> titles.putIfAbsent(entry.part(), entry.title()));
    for (int i = 0; i < chapters.size(); i++) {
      titles.computeIfAbsent(i, this::heading);
    }
    List<Part> parts = new ArrayList<>();
    for (Chapter chapter : chapters) {
      CanonicalText text = chapter.text();
      CanonicalText linked = new CanonicalText(linked(text.html()), text.text(), text.blocks());
      parts.add(new Part(titles.get(parts.size()), linked));
    }
    return new ParsedDocument(
        book.title(),
        PageParser.orNull(book.author()),
        PageParser.orNull(ParsedDocument.language(book.language())),
        parts,
        stated.isEmpty() ? headings() : stated,
        pictures.kept());
  }

  private void readChapters() {
    long length = 0;
    int done = 0;
    for (String path : book.spine()) {
      progress.reached(done++, book.spine().size());
      String source = source(path);
      length += source.length();
      if (length > MAX_TEXT) {
        throw new Unreadable("There is more text in this book than can be read.");
      }
      Chapter chapter = chapter(path, source);
      if (!chapter.text().html().isBlank()) {
        indexes.put(path, chapters.size());
        chapters.add(chapter);
      }
    }
  }

  private String source(String path) {
    return archive
        .read(path, EpubPackage.MAX_XML)
        .map(bytes -> Decoding.decode(bytes, Format.HTML))
        .orElse("");
  }

  private Chapter chapter(String path, String source) {
    Document page = CanonicalText.parse(opened(source), "", progress);
    page.getAllElements().forEach(element -> prepare(element, path));
    Map<String, Integer> places = new HashMap<>();
    return new Chapter(CanonicalText.of(page, progress, places), places);
  }

  /**
   * XHTML with its empty elements written out, as an HTML parser needs them: it would take {@code
   * <a id="x"/>} for a link that never ends.
   */
  static String opened(String xhtml) {
    StringBuilder html = new StringBuilder(xhtml.length() + 64);
    int from = 0;
    for (int end = xhtml.indexOf("/>"); end >= 0; end = xhtml.indexOf("/>", end + 2)) {
      int start = end - 1;
      while (start >= from && xhtml.charAt(start) != '<') {
        start--;
      }
      String name = start < from ? "" : name(xhtml, start + 1, end);
      if (!name.isEmpty() && !VOID.contains(name)) {
        html.append(xhtml, from, end).append("></").append(name).append('>');
        from = end + 2;
      } else {
        html.append(xhtml, from, end + 2);
        from = end + 2;
      }
    }
    return html.append(xhtml, from, xhtml.length()).toString();
  }

  private static String name(String text, int from, int to) {
    int end = from;
    while (end < to && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == ':')) {
      end++;
    }
    return text.substring(from, end).toLowerCase(Locale.ROOT);
  }

  /** Makes of one element of a chapter what the sanitiser and the writer understand. */
  private void prepare(Element element, String path) {
    progress.check();
    String name = element.normalName();
    if (element.hasAttr("hidden") && element.attr("epub:type").contains("note")) {
      element.removeAttr("hidden");
    }
    switch (name) {
      case "a" -> link(element, path);
      case "img" -> picture(element, element.attr("src"), path);
      case "image" -> cover(element, path);
      default -> {}
    }
  }

  private void link(Element link, String path) {
    String href = link.attr("href").strip();
    if (href.isEmpty() || href.matches("(?i)(?:https?|mailto):.*")) {
      return;
    }
    if (href.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
      link.removeAttr("href");
      return;
    }
    String to = href.startsWith("#") ? path : Paths.resolve(path, href);
    if (spine.contains(to)) {
      link.attr("href", "#" + number(new Target(to, Paths.anchor(href))));
    } else {
      link.removeAttr("href");
    }
  }

  private int number(Target target) {
    Integer known = numbers.putIfAbsent(target, targets.size());
    if (known == null) {
      targets.add(target);
    }
    return known == null ? targets.size() - 1 : known;
  }

  private void picture(Element image, String reference, String path) {
    Optional<Picture> kept =
        seen.computeIfAbsent(
            Paths.resolve(path, reference),
            name ->
                archive
                    .read(name, Pictures.MAX_BYTES)
                    .flatMap(bytes -> pictures.add(bytes, progress)));
    if (kept.isPresent()) {
      image.attr("src", kept.get().source());
      image.attr("width", Integer.toString(kept.get().width()));
      image.attr("height", Integer.toString(kept.get().height()));
    } else {
      image.removeAttr("src");
    }
  }

  /** Covers are often a picture within a drawing, which would go as a whole. */
  private void cover(Element image, String path) {
    Element drawing = image.closest("svg");
    String reference = image.hasAttr("xlink:href") ? image.attr("xlink:href") : image.attr("href");
    if (drawing != null && drawing.parent() != null && !reference.isBlank()) {
      Element plain = new Element("img").attr("alt", drawing.attr("aria-label"));
      picture(plain, reference, path);
      drawing.replaceWith(plain);
    }
  }

  private String linked(String html) {
    return NUMBERED
        .matcher(html)
        .replaceAll(
            link ->
                Matcher.quoteReplacement(
                    link.group(1) + "fragment-" + place(Integer.parseInt(link.group(2))) + '"'));
  }

  private String place(int number) {
    Target target = number < targets.size() ? targets.get(number) : new Target("", "");
    Integer index = indexes.get(target.path());
    if (index == null) {
      return "0";
    }
    int offset = offset(index, target.anchor());
    return offset == 0 ? index.toString() : index + "-" + offset;
  }

  private int offset(int index, String anchor) {
    return chapters.get(index).places().getOrDefault(anchor, 0);
  }

  /** The book's own table of contents; empty where most of what it says leads nowhere. */
  private List<OutlineEntry> stated() {
    List<OutlineEntry> outline = new ArrayList<>();
    if (!book.navigation().isEmpty()) {
      EpubPackage.named(xml(book.navigation()), "nav")
          .filter(nav -> List.of(nav.attr("epub:type").split("\\s+")).contains("toc"))
          .findFirst()
          .ifPresent(nav -> lines(nav, book.navigation(), 0, outline));
    }
    if (outline.isEmpty() && !book.ncx().isEmpty()) {
      EpubPackage.named(xml(book.ncx()), "navmap")
          .findFirst()
          .ifPresent(map -> points(map, book.ncx(), 1, outline));
    }
    return outline.size() > astray ? outline : List.of();
  }

  private Document xml(String path) {
    Document found = EpubPackage.xml(archive, path, progress);
    return found == null ? new Document("") : found;
  }

  /**
   * The first of a chapter's highest headings: lesser ones before it belong to what surrounds it.
   */
  private @Nullable String heading(int chapter) {
    return PageParser.headings(chapters.get(chapter).text(), chapter).stream()
        .min(Comparator.comparingInt(OutlineEntry::level))
        .map(OutlineEntry::title)
        .orElse(null);
  }

  /** A heading that most chapters repeat belongs to what is around them. */
  private List<OutlineEntry> headings() {
    List<OutlineEntry> outline = new ArrayList<>();
    Map<String, Integer> chaptersWith = new HashMap<>();
    for (int i = 0; i < chapters.size(); i++) {
      List<OutlineEntry> own = PageParser.headings(chapters.get(i).text(), i);
      own.stream()
          .map(OutlineEntry::title)
          .distinct()
          .forEach(t -> chaptersWith.merge(t, 1, Integer::sum));
      outline.addAll(own);
    }
    int most = Math.max(FEW_CHAPTERS, chapters.size() / 2);
    outline.removeIf(line -> chaptersWith.getOrDefault(line.title(), 0) > most);
    return outline.subList(0, Math.min(outline.size(), OutlineEntry.MOST));
  }

  /** The lines of an EPUB 3 list, and of the lists in it. */
  private void lines(Element within, String path, int level, List<OutlineEntry> outline) {
    for (Element child : within.children()) {
      progress.check();
      switch (EpubPackage.local(child)) {
        case "ol" -> lines(child, path, Math.min(level + 1, 100), outline);
        case "a" -> line(child.text(), child.attr("href"), path, level, outline);
        default -> lines(child, path, level, outline);
      }
    }
  }

  /** The points of an EPUB 2 map, and the points in them. */
  private void points(Element within, String path, int level, List<OutlineEntry> outline) {
    for (Element point : within.children()) {
      progress.check();
      if (EpubPackage.local(point).equals("navpoint")) {
        Map<String, Element> own = new LinkedHashMap<>();
        point.children().forEach(child -> own.putIfAbsent(EpubPackage.local(child), child));
        Element label = own.get("navlabel");
        Element content = own.get("content");
        if (label != null && content != null) {
          line(label.text(), content.attr("src"), path, level, outline);
        }
        points(point, path, level + 1, outline);
      }
    }
  }

  private void line(
      String title, String reference, String path, int level, List<OutlineEntry> outline) {
    String shown = ParsedDocument.shortened(title);
    Integer index = indexes.get(Paths.resolve(path, reference));
    if (index == null) {
      astray++;
    } else if (!shown.isEmpty() && outline.size() < OutlineEntry.MOST) {
      int offset = offset(index, Paths.anchor(reference));
      outline.add(new OutlineEntry(shown, Math.max(1, level), index, offset));
    }
  }
}
