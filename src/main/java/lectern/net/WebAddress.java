package lectern.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lectern.net.FetchFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The address of a page in its normal form: scheme and host in lower case, names in their ASCII
 * form, the default port and the fragment gone, an empty path a slash; path and query as they were
 * written.
 *
 * <p>It is stricter than browsers on purpose. What is read differently by different programs is no
 * address here: user names, a bare {@code @}, backslashes and white space in the host, percent
 * signs in it, numbers that are not four decimal ones.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name in ASCII, four decimal numbers, or an IPv6 address in brackets
 * @param port 1 to 65535
 * @param target path and query, ready to be sent
 */
public record WebAddress(String scheme, String host, int port, String target) {

  /** The longest address taken, as typed and in its normal form. */
  public static final int MAX_LENGTH = 2048;

  private static final Pattern PARTS =
      Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*)(\\?[^#]*)?(?:#.*)?");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[^\\[\\]:\\s]+)(?::([0-9]{0,9}))?");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMBER_AT_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
  private static final Pattern FOUR_NUMBERS =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String ILLEGAL = "\"<>\\^`{|} ";

  /** Reads what somebody typed, or throws a {@link FetchFailure} that says what is wrong. */
  public static WebAddress parse(String typed) {
    String text = typed.strip();
    if (text.length() > MAX_LENGTH) {
      throw wrong("This address is too long.");
    }
    Matcher parts = PARTS.matcher(text);
    if (CONTROL.matcher(text).find() || !parts.matches()) {
      throw wrong("This is not the address of a web page: it begins with http:// or https://.");
    }
    if (parts.group(2).indexOf('@') >= 0) {
      throw wrong("Addresses with a user name or an @ before the page's name are not read.");
    }
    Matcher authority = HOST_AND_PORT.matcher(parts.group(2));
    if (!authority.matches()) {
      throw wrong("This address does not name a host.");
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String path = parts.group(3).isEmpty() ? "/" : parts.group(3);
    String query = parts.group(4) == null || parts.group(4).length() == 1 ? "" : parts.group(4);
    String target = encoded(path + query);
    if (target.length() > MAX_LENGTH) {
      throw wrong("This address is too long.");
    }
    return new WebAddress(
        scheme, host(authority.group(1)), port(scheme, authority.group(2)), target);
  }

  private static int port(String scheme, @Nullable String written) {
    if (written == null || written.isEmpty()) {
      return scheme.equals("https") ? 443 : 80;
    }
    int port = Integer.parseInt(written);
    if (port < 1 || port > 65_535) {
      throw wrong("This address names a port that does not exist.");
    }
    return port;
  }

  private static String host(String written) {
    if (written.startsWith("[")) {
      String address = number(written.substring(1, written.length() - 1)).getHostAddress();
      if (address.indexOf(':') < 0) {
        throw wrong("A numeric address is written as four decimal numbers.");
      }
      return "[" + address + "]";
    }
    String name = ascii(written);
    if (NUMBER_AT_END.matcher(name).matches()) {
      if (!FOUR_NUMBERS.matcher(name).matches()) {
        throw wrong("A numeric address is written as four decimal numbers.");
      }
      return number(name).getHostAddress();
    }
    if (name.length() > 253 || !NAME.matcher(name).matches()) {
      throw wrong("This address does not name a host.");
    }
    return name;
  }

  private static String ascii(String written) {
    try {
      String name = IDN.toASCII(written, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
      return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    } catch (IllegalArgumentException e) {
      throw wrong("This address does not name a host.");
    }
  }

  /** A literal is never looked up: it holds nothing but digits, letters to f, colons and dots. */
  private static InetAddress number(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw wrong("This address does not name a host.");
    }
  }

  /** The network address, where the host is written as one. */
  @Nullable InetAddress literal() {
    if (host.startsWith("[")) {
      return number(host.substring(1, host.length() - 1));
    }
    return NUMBER_AT_END.matcher(host).matches() ? number(host) : null;
  }

  /** Where a link on this page leads; throws like {@link #parse}. */
  public WebAddress resolve(String link) {
    String ref = encoded(link.strip());
    if (ref.length() > MAX_LENGTH) {
      throw wrong("This address is too long.");
    }
    if (ref.isEmpty() || ref.startsWith("#")) {
      return this;
    }
    if (ref.startsWith("?")) {
      return parse(origin() + path() + ref);
    }
    if (PARTS.matcher(ref).matches()) {
      return parse(ref);
    }
    try {
      return parse(URI.create(toString()).resolve(ref).toString());
    } catch (IllegalArgumentException e) {
      throw wrong("This is not the address of a web page.");
    }
  }

  /** Scheme, host and, where it is not the usual one, port. */
  public String origin() {
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }

  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** What stands after the question mark; empty when nothing does. */
  public String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** Percent signs that begin nothing, and what may not stand in an address, encoded. */
  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == '%' && !isHex(text, i + 1)) {
        out.append("%25");
      } else if (c > 0x7E || ILLEGAL.indexOf(c) >= 0) {
        for (byte b : Character.toString(c).getBytes(UTF_8)) {
          out.append('%').append("%02X".formatted(b));
        }
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static boolean isHex(String text, int at) {
    return at + 2 <= text.length()
        && Character.digit(text.charAt(at), 16) >= 0
        && Character.digit(text.charAt(at + 1), 16) >= 0;
  }

  private static FetchFailure wrong(String sentence) {
    return new FetchFailure(Kind.ADDRESS, sentence);
  }

  /** The normal form. */
  @Override
  public String toString() {
    return origin() + target;
  }
}
