package lectern.library.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Walks sanitised elements once and writes HTML, canonical text and blocks side by side, so that
 * they cannot disagree. The walk is a loop, its work is linear in the page, and what it writes
 * parses back to what it meant: a parser finds nothing to repair in it.
 */
final class CanonicalWriter implements NodeVisitor {

  /** Containers written inside one another; deeper ones part their blocks but are not written. */
  private static final int MAX_DEPTH = 48;

  private static final Set<String> INLINE =
      Set.of("strong", "em", "b", "i", "u", "s", "code", "sup", "sub", "a");
  private static final Set<String> LISTS = Set.of("ul", "ol", "dl");
  private static final Set<String> TABLES = Set.of("table", "thead", "tbody", "tfoot");
  private static final Set<String> CELLS = Set.of("td", "th");

  /**
   * An open container.
   *
   * @param tag empty when it is not written
   * @param around the tag of the nearest container that is written, this one included
   */
  private record Container(
      Element element, String tag, String around, String heading, boolean quoted, int depth) {}

  /** An open inline element, and those that counted outside it. */
  private record Emphasis(Element element, List<Element> before) {}

  private final Progress progress;
  private final Map<String, Integer> places;

  /** Ids after which no word has come yet. */
  private final List<String> waiting = new ArrayList<>();

  private final StringBuilder html = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final Markup markup = new Markup();
  private final List<Integer> starts = new ArrayList<>();
  private final List<BlockType> types = new ArrayList<>();
  private final List<Container> containers = new ArrayList<>();
  private final Set<Element> withBlocks = new HashSet<>();
  private final Set<Element> withFilledBlocks = new HashSet<>();
  private final Set<Element> broken = new HashSet<>();
  private final List<Emphasis> emphases = new ArrayList<>();
  private List<Element> inlines = List.of();
  private @Nullable Leaf leaf;
  private @Nullable Element leafElement;
  private int length;

  /** How many of the containers have their start tag written. */
  private int written;

  /** How many containers have been open ever since the last block. */
  private int common;

  private CanonicalWriter(Element body, Progress progress, Map<String, Integer> places) {
    this.places = places;
    this.progress = progress;
    containers.add(new Container(body, "", "", "", false, 0));
    written = 1;
    common = 1;
  }

  static CanonicalText write(Document clean, Progress progress, Map<String, Integer> places) {
    Element body = clean.body();
    CanonicalWriter writer = new CanonicalWriter(body, progress, places);
    NodeTraversor.traverse(
        (node, depth) -> {
          progress.check();
          writer.noteBlock(node);
          writer.noteFilled(node);
          writer.noteStray(node);
        },
        body);
    NodeTraversor.traverse(writer, body);
    writer.endLeaf();
    writer.waiting.forEach(id -> places.putIfAbsent(id, writer.length));
    return writer.written();
  }

  private CanonicalText written() {
    List<Block> blocks = new ArrayList<>(starts.size());
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) : length;
      blocks.add(new Block(starts.get(i), end, types.get(i)));
    }
    return new CanonicalText(html.toString(), text.toString(), blocks);
  }

  /**
   * Every ancestor of something to be seen that holds a block around it. Blocks without anything in
   * them are not written, so no row may be taken apart for them.
   */
  private void noteFilled(Node node) {
    if (!isSeen(node)) {
      return;
    }
    boolean block = node instanceof Element rule && name(rule).equals("hr");
    for (Element up = node.parent() instanceof Element parent ? parent : null;
        up != null && (block ? withFilledBlocks.add(up) : !withFilledBlocks.contains(up));
        up = up.parent()) {
      block = block || (isBlock(up) && !CELLS.contains(name(up)));
    }
  }

  private static boolean isSeen(Node node) {
    return switch (node) {
      case TextNode words -> isWord(words.getWholeText());
      case DataNode raw -> isWord(raw.getWholeData());
      case Element element -> name(element).equals("hr") || isShown(element);
      default -> false;
    };
  }

  private static boolean isWord(String text) {
    return !text.codePoints().allMatch(c -> Characters.isSpace(c) || Character.isISOControl(c));
  }

  /** Of a picture that is not stored here, its description stands in for it. */
  private static boolean isShown(Element image) {
    return name(image).equals("img")
        && (!image.attr("alt").isBlank() || Pictures.isSource(image.attr("src")));
  }

  /** Every ancestor of a block holds blocks; climbing stops where somebody has climbed before. */
  private void noteBlock(Node node) {
    if (node instanceof Element element && isBlock(element) && !CELLS.contains(name(element))) {
      Element up = element.parent();
      while (up != null && withBlocks.add(up)) {
        up = up.parent();
      }
    }
  }

  /** A table with anything loose between its parts cannot be written as one. */
  private void noteStray(Node node) {
    boolean words = node instanceof TextNode text && !text.isBlank();
    if (!words && !(node instanceof Element element && !INLINE.contains(name(element)))) {
      return;
    }
    Element holder = node.parent() instanceof Element parent ? parent : null;
    while (holder != null && INLINE.contains(name(holder))) {
      holder = holder.parent();
    }
    if (holder != null && isTablePart(holder) && !fits(node, name(holder))) {
      Element table = holder.closest("table");
      if (table != null) {
        broken.add(table);
      }
    }
  }

  private static boolean isTablePart(Element element) {
    return TABLES.contains(name(element)) || name(element).equals("tr");
  }

  private static boolean fits(Node node, String holder) {
    if (!(node instanceof Element element) || !(node.parent() instanceof Element parent)) {
      return false;
    }
    return name(parent).equals(holder)
        && switch (name(element)) {
          case "td", "th" -> holder.equals("tr");
          case "tr" -> !holder.equals("tr");
          case "caption", "thead", "tbody", "tfoot" -> holder.equals("table");
          default -> false;
        };
  }

  private static boolean isBlock(Element element) {
    return switch (name(element)) {
      case "br", "img", "body", "html", "#root" -> false;
      default -> !INLINE.contains(name(element));
    };
  }

  private static String name(Element element) {
    return element.normalName();
  }

  @Override
  public void head(Node node, int depth) {
    progress.check();
    if (node instanceof TextNode words) {
      text(words.getWholeText());
    } else if (node instanceof DataNode raw) {
      text(raw.getWholeData());
    } else if (node instanceof Element element && element != containers.getFirst().element()) {
      switch (name(element)) {
        case "br" -> breakLine();
        case "img" -> image(element);
        case "hr" -> rule();
        default -> enter(element);
      }
      notePlace(element.id());
    }
  }

  private void notePlace(String id) {
    if (id.isEmpty()) {
      return;
    }
    if (leaf == null) {
      waiting.add(id);
    } else {
      leaf.mark(id);
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (!(node instanceof Element element) || element == containers.getFirst().element()) {
      return;
    }
    if (INLINE.contains(name(element))) {
      if (!emphases.isEmpty() && emphases.getLast().element() == element) {
        inlines = emphases.removeLast().before();
      }
    } else if (isBlock(element)) {
      leave(element);
    }
  }

  private void text(String words) {
    if (leaf == null && !words.codePoints().allMatch(Characters::isSpace)) {
      startLooseLeaf();
    }
    if (leaf != null) {
      leaf.text(words, inlines);
    }
  }

  private void breakLine() {
    if (leaf != null) {
      leaf.lineBreak(inlines);
    }
  }

  private void image(Element image) {
    if (isShown(image)) {
      if (leaf == null) {
        startLooseLeaf();
      }
      if (leaf != null) {
        leaf.image(markup.open("img", image), inlines);
      }
    }
  }

  private void rule() {
    if (leaf != null && leafElement != null) {
      leaf.boundary(inlines);
    } else {
      endLeaf();
      writeContainers();
      html.append("<hr>");
    }
  }

  private void enter(Element element) {
    if (INLINE.contains(name(element))) {
      enterInline(element);
    } else if (leaf != null && isCellOfLeaf(element)) {
      leaf.cell(markup.open(name(element), element));
    } else if (leaf != null && leafElement != null) {
      leaf.boundary(inlines);
    } else {
      endLeaf();
      enterBlock(element);
    }
  }

  /** Cells of an empty table within a cell are none of the row's. */
  private boolean isCellOfLeaf(Element element) {
    return CELLS.contains(name(element)) && element.parent() == leafElement;
  }

  /**
   * Twice bold is bold: elements inside their like add nothing, and nesting stays shallow. Of links
   * in links the inner one counts, since browsers know no such thing.
   */
  private void enterInline(Element inline) {
    boolean link = name(inline).equals("a");
    boolean like = inlines.stream().anyMatch(open -> name(open).equals(name(inline)));
    if (link ? Markup.leads(inline) : !like) {
      emphases.add(new Emphasis(inline, inlines));
      List<Element> more = new ArrayList<>(inlines);
      more.removeIf(open -> link && name(open).equals("a"));
      more.add(inline);
      inlines = List.copyOf(more);
    }
  }

  private void enterBlock(Element element) {
    Container parent = containers.getLast();
    String tag = tagWithin(parent, element);
    boolean row = name(element).equals("tr");
    Set<Element> parted = row ? withFilledBlocks : withBlocks;
    boolean plain = !parted.contains(element) && (!row || tag.equals("tr"));
    if (tag.equals("pre") || (plain && !LISTS.contains(tag) && !TABLES.contains(tag))) {
      String own = tag.isEmpty() ? "div" : tag;
      String shown = own.equals("div") && !parent.heading().isEmpty() ? parent.heading() : own;
      startLeaf(shown, markup.open(shown, element), element);
    } else {
      openContainer(parent, element, tag);
    }
  }

  /** What the element is called where it stands; a part without its whole is a plain container. */
  private static String tagWithin(Container parent, Element element) {
    String around = parent.around();
    return switch (name(element)) {
      case "li" -> around.equals("ul") || around.equals("ol") ? "li" : "div";
      case "dt", "dd" -> around.equals("dl") ? name(element) : "div";
      case "td", "th" -> around.equals("tr") ? name(element) : "div";
      case "tr" -> TABLES.contains(around) ? "tr" : "";
      case "caption" -> around.equals("table") ? "caption" : "div";
      case "thead", "tbody", "tfoot" -> around.equals("table") ? name(element) : "";
      default -> name(element);
    };
  }

  private void openContainer(Container parent, Element element, String tag) {
    boolean heading = tag.matches("h[1-6]");
    String shown = heading || broken.contains(element) ? "" : containerTag(parent, tag);
    containers.add(
        new Container(
            element,
            shown,
            shown.isEmpty() ? parent.around() : shown,
            heading ? tag : parent.heading(),
            parent.quoted() || shown.equals("blockquote"),
            parent.depth() + 1));
  }

  /** The tag written for a container; a table is written with all its parts or not at all. */
  private static String containerTag(Container parent, String tag) {
    boolean inTable = TABLES.contains(parent.tag()) || parent.tag().equals("tr");
    if (parent.depth() >= MAX_DEPTH && !inTable) {
      return "";
    }
    return switch (tag) {
      case "p", "div" -> parent.around().equals("dl") ? "" : "div";
      default -> tag;
    };
  }

  private void leave(Element element) {
    if (leaf != null && isCellOfLeaf(element)) {
      leaf.cellEdge("</" + name(element) + ">");
    } else if (element == leafElement) {
      endLeaf();
    } else if (containers.getLast().element() == element) {
      endLeaf();
      closeContainer();
    } else if (leaf != null) {
      leaf.boundary(inlines);
    }
  }

  private void closeContainer() {
    Container gone = containers.removeLast();
    if (written > containers.size()) {
      written--;
      if (!gone.tag().isEmpty()) {
        html.append("</").append(gone.tag()).append('>');
      }
    }
    common = Math.min(common, containers.size());
  }

  private void startLooseLeaf() {
    Container parent = containers.getLast();
    String tag =
        switch (parent.around()) {
          case "ul", "ol" -> "li";
          case "dl" -> "dd";
          default -> parent.heading().isEmpty() ? "p" : parent.heading();
        };
    startLeaf(tag, "<" + tag + ">", null);
  }

  private void startLeaf(String tag, String opening, @Nullable Element element) {
    leaf = new Leaf(tag, opening, BlockType.of(tag, containers.getLast().quoted()));
    leafElement = element;
  }

  private void endLeaf() {
    Leaf done = leaf;
    leaf = null;
    leafElement = null;
    if (done == null) {
      return;
    }
    if (!done.hasWords()) {
      waiting.addAll(done.marks());
    }
    if (!done.hasAnything()) {
      return;
    }
    done.finish();
    String separator = separator();
    writeContainers();
    if (done.hasWords()) {
      text.append(separator);
      length += separator.length();
    }
    done.writeHtml(html, length, markup);
    if (done.hasWords()) {
      addBlock(done);
    }
  }

  private void addBlock(Leaf done) {
    int before = text.length();
    starts.add(length);
    types.add(done.type());
    waiting.forEach(id -> places.putIfAbsent(id, length));
    waiting.clear();
    done.writeMarks(places, length);
    done.writeText(text);
    length += text.codePointCount(before, text.length());
    common = containers.size();
  }

  private void writeContainers() {
    for (; written < containers.size(); written++) {
      Container container = containers.get(written);
      if (!container.tag().isEmpty()) {
        html.append(markup.open(container.tag(), container.element()));
      }
    }
  }

  /** Decided by the innermost container that holds both the last block and the next. */
  private String separator() {
    if (starts.isEmpty()) {
      return "";
    }
    String holder = containers.get(common - 1).around();
    if (LISTS.contains(holder) || TABLES.contains(holder)) {
      return "\n";
    }
    if (holder.equals("tr")) {
      return "\t";
    }
    boolean sublist = (holder.equals("li") || holder.equals("dd")) && LISTS.contains(nextWritten());
    return sublist ? "\n" : "\n\n";
  }

  /** The outermost of the containers that the next block opens and that will be seen. */
  private String nextWritten() {
    return containers.stream()
        .skip(common)
        .map(Container::tag)
        .filter(tag -> !tag.isEmpty())
        .findFirst()
        .orElse("");
  }
}
