package lectern;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lectern.llm.Dialect;

/**
 * How the text of a setting becomes its value.
 *
 * @param example a value that works, shown with every complaint
 * @param secret whether the text must not be repeated, neither in a complaint nor on a command line
 * @param read the value, or an {@link IllegalArgumentException} whose message ends the sentence
 *     "the value ..."
 */
record Kind<T>(String example, boolean secret, Function<String, T> read) {

  static final Kind<Boolean> SWITCH = of("true", Kind::readSwitch);
  static final Kind<Integer> PORT = number(0, 65_535, "8080");
  static final Kind<String> WORD = of("0.0.0.0", Function.identity());
  static final Kind<String> SECRET = new Kind<>("(not shown)", true, Function.identity());
  static final Kind<Path> DIRECTORY = of("/var/lib/lectern", Kind::readPath);
  static final Kind<Long> BYTES = of("100MB", Kind::readBytes);
  static final Kind<URI> WEB_ADDRESS = of("https://read.example.org", Kind::readWebAddress);
  static final Kind<List<URI>> WEB_ADDRESSES =
      of("http://127.0.0.1:11434/v1,http://127.0.0.1:1234/v1", Kind::readWebAddresses);
  static final Kind<Set<Role>> ROLES = of("gateway,api", Kind::readRoles);
  static final Kind<byte[]> KEY =
      new Kind<>("the output of: head -c 32 /dev/urandom | base64", true, Kind::readKey);
  static final Kind<List<byte[]>> KEYS = new Kind<>(KEY.example(), true, Kind::readKeys);
  static final Kind<URI> DATABASE =
      new Kind<>("postgresql://lectern:password@db.example.org:5432/lectern", true, Kind::readUri);

  static final Kind<String> DATE = of("2026-10-21", Kind::readDate);

  /** One of these ways to ask a provider. */
  static Kind<Dialect> dialect(Dialect... allowed) {
    return of(allowed[0].word(), text -> readDialect(List.of(allowed), text));
  }

  static Kind<Integer> number(int least, int most, String example) {
    return of(example, text -> readNumber(text, least, most));
  }

  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    List<String> names = names(type);
    return of(names.getLast(), text -> readChoice(type, names, text));
  }

  private static <T> Kind<T> of(String example, Function<String, T> read) {
    return new Kind<>(example, false, read);
  }

  T parse(String name, String text) {
    try {
      return read.apply(text.strip());
    } catch (IllegalArgumentException wrong) {
      String value = secret ? "its value" : "'" + text + "'";
      throw BadSetting.of(name, value + " " + wrong.getMessage(), example);
    }
  }

  private static boolean readSwitch(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      case String _ -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static int readNumber(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("is not a whole number", notANumber);
    }
    throw new IllegalArgumentException("is not between " + least + " and " + most);
  }

  private static Path readPath(String text) {
    String home = System.getProperty("user.home");
    try {
      return Path.of(text.startsWith("~/") ? home + text.substring(1) : text)
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException wrong) {
      throw new IllegalArgumentException("is not a path", wrong);
    }
  }

  private static long readBytes(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    for (Unit unit : Unit.values()) {
      if (upper.endsWith(unit.name())) {
        String digits = upper.substring(0, upper.length() - unit.name().length()).strip();
        return readNumber(digits, 1, 1 << 20) * unit.bytes;
      }
    }
    return readNumber(text, 1, Integer.MAX_VALUE);
  }

  private enum Unit {
    KB(1L << 10),
    MB(1L << 20),
    GB(1L << 30);

    private final long bytes;

    Unit(long bytes) {
      this.bytes = bytes;
    }
  }

  private static URI readUri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("is not an address; special characters need %-escapes");
    }
  }

  private static URI readWebAddress(String text) {
    URI address = readUri(text);
    boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!web || address.getHost() == null || address.getUserInfo() != null) {
      throw new IllegalArgumentException("is not an http or https address");
    }
    return URI.create(text.replaceAll("/+$", ""));
  }

  private static List<URI> readWebAddresses(String text) {
    return words(text).map(Kind::readWebAddress).toList();
  }

  private static Set<Role> readRoles(String text) {
    if (text.equals("all")) {
      return Set.of(Role.values());
    }
    List<String> names = names(Role.class);
    Set<Role> roles = new TreeSet<>();
    words(text).forEach(word -> roles.add(readChoice(Role.class, names, word)));
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("names no role");
    }
    return Set.copyOf(roles);
  }

  private static <E extends Enum<E>> E readChoice(Class<E> type, List<String> names, String text) {
    int index = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new IllegalArgumentException("is none of " + String.join(", ", names));
    }
    return type.getEnumConstants()[index];
  }

  private static Dialect readDialect(List<Dialect> allowed, String text) {
    return allowed.stream()
        .filter(each -> each.word().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is none of "
                        + allowed.stream().map(Dialect::word).collect(Collectors.joining(", "))));
  }

  private static String readDate(String text) {
    try {
      return LocalDate.parse(text).toString();
    } catch (DateTimeParseException wrong) {
      throw new IllegalArgumentException("is not a date", wrong);
    }
  }

  private static byte[] readKey(String text) {
    Optional<byte[]> key = decoded(text);
    if (key.isEmpty() || key.get().length != 32) {
      throw new IllegalArgumentException("is not the base64 form of 32 bytes");
    }
    return key.get();
  }

  private static List<byte[]> readKeys(String text) {
    List<byte[]> keys = words(text).map(Kind::readKey).toList();
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("is not the base64 form of 32 bytes");
    }
    return keys;
  }

  private static Optional<byte[]> decoded(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException wrong) {
      return Optional.empty();
    }
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(word -> !word.isEmpty());
  }

  private static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
