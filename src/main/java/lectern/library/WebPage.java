package lectern.library;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.library.document.Format;
import lectern.net.Fetch;
import lectern.net.FetchFailure;
import lectern.net.Fetched;
import lectern.net.WebAddress;
import org.jspecify.annotations.Nullable;

/** What is known of a page of the web before it is read, and what an answer for it is. */
final class WebPage {
  private static final String ACCEPT =
      "text/html,application/xhtml+xml,application/pdf,application/epub+zip,text/markdown,"
          + "text/plain;q=0.9,*/*;q=0.1";

  private static final Set<String> PAGES = Set.of("text/html", "application/xhtml+xml");
  private static final Set<String> FILES =
      Set.of(
          "",
          "text/plain",
          "text/markdown",
          "text/x-markdown",
          "application/pdf",
          "application/x-pdf",
          "application/epub+zip",
          "application/octet-stream",
          "binary/octet-stream");

  /** Parameters of addresses that say where a reader came from, and choose no content. */
  private static final Pattern TRACKING =
      Pattern.compile(
          "(?i)(?:utm_\\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|ref|ref_src)");

  private static final Pattern LOOKS_LIKE_HTML =
      Pattern.compile("(?is)^\\s*(?:<!--.*?-->\\s*)*<(?:!doctype\\s+html|html|head|body)\\b.*");

  private WebPage() {}

  static Fetch fetch(String address, long maxBytes) {
    return new Fetch(
        WebAddress.parse(address),
        ACCEPT,
        type -> PAGES.contains(type) || FILES.contains(type),
        new Fetch.Limits(maxBytes, Duration.ofSeconds(30), Duration.ofSeconds(15), 5));
  }

  /** The format of what came back: by what the server says, else by what it looks like. */
  static Format format(Fetched fetched) {
    String type = fetched.type();
    if (PAGES.contains(type)) {
      return Format.HTML;
    }
    byte[] opening = opening(fetched.bytes());
    if (type.isEmpty() && LOOKS_LIKE_HTML.matcher(latin(opening)).matches()) {
      return Format.HTML;
    }
    return Format.of(filename(fetched.address()), type, opening);
  }

  private static String latin(byte[] opening) {
    return new String(opening, ISO_8859_1);
  }

  private static byte[] opening(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, 4096));
  }

  /** The last part of the address's path, else its host. */
  static String filename(WebAddress address) {
    String path = address.path();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.isEmpty() ? address.host() : last;
  }

  /**
   * The address under which an article is kept once for all readers: where it came from after
   * redirects. The page's own word for it is taken where all it does is leave out what says where a
   * reader came from; anything more could put words of one page, or one meant for a single reader,
   * under the address of another.
   */
  static WebAddress canonical(WebAddress from, @Nullable String said) {
    if (said == null) {
      return from;
    }
    try {
      WebAddress own = WebAddress.parse(said);
      boolean samePage = own.origin().equals(from.origin()) && own.path().equals(from.path());
      return samePage && plain(from).equals(parameters(own)) ? own : from;
    } catch (FetchFailure none) {
      return from;
    }
  }

  private static List<String> plain(WebAddress address) {
    return parameters(address).stream()
        .filter(each -> !TRACKING.matcher(each.replaceFirst("=.*", "")).matches())
        .toList();
  }

  private static List<String> parameters(WebAddress address) {
    return Stream.of(address.query().split("&")).filter(each -> !each.isEmpty()).toList();
  }

  /** What a status other than 200 means to a reader. */
  static Refusal refusal(int status) {
    return new Refusal(
        Code.E_INGEST_FAILED,
        switch (status) {
          case 404, 410 -> "There is no page at this address.";
          case 401, 402, 403, 407, 451 -> "The site does not show this page to everybody.";
          case 429 -> "The site is asked too often at the moment. Try again later.";
          default ->
              status >= 500
                  ? "The site has trouble answering. Try again later."
                  : "The site did not show the page: it answered with status " + status + ".";
        });
  }

  /** What a fetch that failed is called in a document's row. */
  static Refusal refusal(FetchFailure failure) {
    Code code =
        switch (failure.kind()) {
          case ADDRESS, BLOCKED -> Code.E_SSRF_BLOCKED;
          case TIMEOUT -> Code.E_INGEST_TIMEOUT;
          case TOO_LARGE -> Code.E_FILE_TOO_LARGE;
          case UNWANTED -> Code.E_INVALID_FILE_TYPE;
          case UNREACHABLE, REDIRECTS, BROKEN -> Code.E_INGEST_FAILED;
        };
    return new Refusal(
        code,
        failure.kind() == FetchFailure.Kind.UNWANTED
            ? "What is at this address is neither a page nor an EPUB, PDF, Markdown or text file."
            : failure.sentence());
  }
}
