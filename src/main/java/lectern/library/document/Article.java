package lectern.library.document;

import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.dankito.readability4j.Readability4J;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * A page of the web while its article is taken out of it: first read, then its pictures are brought
 * by somebody who may, then a document is made of both.
 */
public final class Article {

  /** Pictures of one article that are brought. */
  private static final int MOST_PICTURES = 100;

  /**
   * Elements of a page up to which the article is looked for. What looks for it takes quadratic
   * time at worst; larger pages are taken as they are.
   */
  private static final int MOST_ELEMENTS = 20_000;

  /** Words fewer than this many characters on a page of scripts are not its article. */
  private static final int SHORT = 140;

  private static final Pattern CHARSET =
      Pattern.compile("(?i)charset\\s*=\\s*[\"']?([A-Za-z0-9._:-]{2,40})");
  private static final Pattern BY = Pattern.compile("(?i)^(?:by|von|par|por|di|door)[\\s:]+");

  private final Document content;
  private final String title;
  private final String author;
  private final String language;
  private final @Nullable String canonical;

  private Article(
      Document content, String title, String author, String language, @Nullable String canonical) {
    this.content = content;
    this.title = title;
    this.author = author;
    this.language = language;
    this.canonical = canonical;
  }

  /**
   * Takes the article out of a page that was fetched.
   *
   * @param contentType as the server said it; its charset wins over what the page says
   * @param address what links are relative to
   */
  public static Article of(
      byte[] bytes, @Nullable String contentType, String address, Progress progress) {
    String html = Decoding.decode(bytes, Format.HTML, charset(contentType));
    Document page = CanonicalText.parse(html, address, progress);
    String language = language(page);
    String canonical = page.select("link[rel~=(?i)^canonical$]").attr("abs:href");
    boolean scripted = !page.select("script").isEmpty();
    LazyPictures.settle(page);
    settle(page);
    Taken taken = take(page, address, progress);
    progress.check();
    if (scripted && taken.content.text().length() < SHORT && page.select("p").size() < 3) {
      throw new Unreadable(
          "There is hardly any text in this page: it may need JavaScript to show what it says.");
    }
    return new Article(
        taken.content, taken.title, taken.author, language, canonical.isEmpty() ? null : canonical);
  }

  /** A page that was uploaded or pasted: all of it is the document. */
  public static Article whole(SeekableByteChannel file, Progress progress) {
    String html = Decoding.decode(ParsedDocument.whole(file), Format.HTML);
    Document page = CanonicalText.parse(html, "", progress);
    LazyPictures.settle(page);
    return new Article(
        page, page.title(), page.select("meta[name=author]").attr("content"), language(page), null);
  }

  /** Makes addresses absolute, which hold wherever an element is moved to; links within stay. */
  private static void settle(Document page) {
    for (Element link : page.select("a[href]:not([href^=#])")) {
      link.attr("href", link.absUrl("href"));
    }
    for (Element image : page.select("img[src]")) {
      image.attr("src", image.absUrl("src"));
    }
  }

  private record Taken(Document content, String title, String author) {}

  private static Taken take(Document page, String address, Progress progress) {
    String author = page.select("meta[name=author]").attr("content");
    List<String> site = SiteNames.of(page, address);
    String title = SiteNames.without(title(page), site);
    Document plain = page.clone();
    if (page.getAllElements().size() <= MOST_ELEMENTS) {
      progress.check();
      Optional<Taken> found =
          readable(page, address, title, author)
              .map(
                  each ->
                      new Taken(each.content, SiteNames.without(each.title, site), each.author));
      if (found.isPresent()) {
        return found.get();
      }
    }
    plain.select("nav, header, footer, aside, form").remove();
    Element main = plain.selectFirst("article, main, [role=main]");
    return new Taken(
        main == null || main.text().length() < SHORT ? plain : shell(main, address), title, author);
  }

  private static Optional<Taken> readable(
      Document page, String address, String title, String author) {
    try {
      net.dankito.readability4j.Article found = new Readability4J(address, page).parse();
      Element content = found.getArticleContent();
      if (content == null || content.text().isBlank()) {
        return Optional.empty();
      }
      String byline = found.getByline();
      return Optional.of(
          new Taken(
              shell(content, address),
              found.getTitle() == null || found.getTitle().isBlank() ? title : found.getTitle(),
              author.isEmpty() && byline != null ? byline : author));
    } catch (
        RuntimeException broken) { // It was made for sound pages, and this one may be anything.
      return Optional.empty();
    }
  }

  private static Document shell(Element content, String address) {
    Document shell = Document.createShell(address);
    content.select("#readability-page-1").removeAttr("id");
    shell.body().appendChild(content);
    return shell;
  }

  private static String title(Document page) {
    String title = page.title();
    return title.isBlank() ? page.select("meta[property=og:title]").attr("content") : title;
  }

  private static String language(Document page) {
    return ParsedDocument.language(
        page.select("html").attr("lang"), page.select("html").attr("xml:lang"));
  }

  private static Optional<Charset> charset(@Nullable String contentType) {
    Matcher said = CHARSET.matcher(contentType == null ? "" : contentType);
    return said.find() ? Decoding.served(said.group(1)) : Optional.empty();
  }

  /** The address that the page says is its own, absolute; null when it says nothing. */
  public @Nullable String canonical() {
    return canonical;
  }

  /** The absolute addresses of its pictures, each once. */
  public List<String> pictures() {
    Set<String> addresses = new LinkedHashSet<>();
    for (Element image : content.select("img[src]")) {
      String address = image.attr("src");
      if (address.startsWith("http") && addresses.size() < MOST_PICTURES) {
        addresses.add(address);
      }
    }
    return List.copyOf(addresses);
  }

  /**
   * The document, with the pictures that could be brought, by their addresses. The article is used
   * up.
   */
  public ParsedDocument document(Map<String, Picture> brought, Progress progress) {
    for (Element image : content.select("img")) {
      Picture picture = brought.get(image.attr("src"));
      image.removeAttr("src");
      if (picture != null) {
        image.attr("src", picture.source());
        image.attr("width", Integer.toString(picture.width()));
        image.attr("height", Integer.toString(picture.height()));
      }
    }
    CanonicalText text = CanonicalText.linked(content, progress);
    if (text.blocks().isEmpty()) {
      throw new Unreadable("There is no text in this document.");
    }
    String called = ParsedDocument.shortened(title);
    String by = ParsedDocument.shortened(BY.matcher(author.strip()).replaceFirst(""));
    return new ParsedDocument(
        called.isEmpty() ? ParsedDocument.shortened(PageParser.firstHeading(text)) : called,
        PageParser.orNull(by),
        PageParser.orNull(language),
        List.of(new Part(null, text)),
        PageParser.headings(text, 0),
        brought.values().stream().distinct().toList());
  }
}
