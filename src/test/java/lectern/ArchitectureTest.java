package lectern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. Held against the text of the sources, comments taken out. */
class ArchitectureTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Set<String> EVERYBODYS = Set.of("bus", "db", "telemetry");

  /** What a package may import besides bus, db and telemetry. */
  private static final Map<String, Set<String>> TABLE =
      Map.ofEntries(
          Map.entry("gateway", Set.of()),
          Map.entry(
              "http",
              Set.of(
                  "conversation",
                  "search",
                  "llm",
                  "keys",
                  "models",
                  "reading",
                  "library",
                  "identity")),
          Map.entry(
              "bridge",
              Set.of(
                  "conversation",
                  "search",
                  "llm",
                  "keys",
                  "models",
                  "reading",
                  "library",
                  "identity")),
          Map.entry(
              "conversation",
              Set.of("llm", "keys", "models", "reading", "library", "identity", "janitor")),
          Map.entry("search", Set.of("reading", "library", "identity")),
          Map.entry("llm", Set.of("net")),
          Map.entry("keys", Set.of("llm", "identity", "janitor", "net")),
          Map.entry("models", Set.of("llm", "keys")),
          Map.entry("reading", Set.of("library", "identity")),
          Map.entry("library", Set.of("identity", "janitor", "net")),
          Map.entry("identity", Set.of("janitor")),
          Map.entry("cluster", Set.of("janitor")),
          Map.entry("janitor", Set.of()),
          Map.entry("net", Set.of()));

  /** bus, db and telemetry stand on one another in this order, and on nothing else. */
  private static final Map<String, Set<String>> GROUND =
      Map.of("telemetry", Set.of(), "bus", Set.of("telemetry"), "db", Set.of("bus", "telemetry"));

  private static final Set<String> FEATURES =
      Set.of(
          "conversation",
          "search",
          "llm",
          "keys",
          "models",
          "reading",
          "library",
          "identity",
          "cluster",
          "janitor",
          "net");

  private static final Pattern USE = Pattern.compile("\\blectern\\.([a-z]+|[A-Z]\\w*)\\b");
  private static final Pattern COMMENT =
      Pattern.compile("/\\*.*?\\*/|(?<![\":])//[^\n]*", Pattern.DOTALL);
  private static final Pattern TEXT = Pattern.compile("\"(\\\\.|[^\"\\\\\n])*\"");
  private static final Pattern FORBIDDEN_NAME =
      Pattern.compile("\\w*(Service|Impl|Manager|Helper|Helpers|Util|Utils|Dto|DTO)");

  static List<Source> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).map(Source::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> packages() {
    return sources().stream()
        .map(Source::feature)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * One file.
   *
   * @param feature the package below the root, sub-packages included in it; empty for the root
   * @param code without comments and without the contents of text
   */
  record Source(Path file, String feature, String code) {
    static Source read(Path file) {
      try {
        Path inRoot = SOURCES.resolve("lectern").relativize(file);
        String feature = inRoot.getNameCount() == 1 ? "" : inRoot.getName(0).toString();
        String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
        return new Source(file, feature, TEXT.matcher(code).replaceAll("\"\""));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Packages, and classes of the root, that this file names besides its own package. */
    Set<String> uses() {
      return USE.matcher(code)
          .results()
          .map(use -> use.group(1))
          .filter(name -> !name.equals(feature))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean names(String something) {
      return code.contains(something);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  @Test
  void every_package_stands_in_the_table() {
    assertThat(packages()).isSubsetOf(union(TABLE.keySet(), GROUND.keySet()));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void a_file_imports_only_what_its_package_may(Source source) {
    assumeTrue(!source.feature().isEmpty(), "the root builds everything");
    Set<String> allowed =
        GROUND.containsKey(source.feature())
            ? GROUND.get(source.feature())
            : union(TABLE.get(source.feature()), EVERYBODYS);
    assertThat(source.uses()).as("%s", source).isSubsetOf(allowed);
  }

  @Test
  void of_the_janitor_the_features_know_the_sweep_alone() {
    for (Source source : of(FEATURES)) {
      if (!source.feature().equals("janitor")) {
        assertThat(source.code().replace("lectern.janitor.Sweep", ""))
            .as("%s", source)
            .doesNotContain("lectern.janitor");
      }
    }
  }

  @Test
  void no_edge_and_no_model_caller_touches_the_database() {
    for (Source source : of(Set.of("http", "gateway", "bridge", "llm", "net"))) {
      assertThat(source.names("io.vertx.sqlclient") || source.names("io.vertx.pgclient"))
          .as("%s", source)
          .isFalse();
      assertThat(source.uses()).as("%s", source).doesNotContain("db");
    }
  }

  @Test
  void no_feature_knows_of_http_routes() {
    for (Source source : of(FEATURES)) {
      assertThat(source.code().replace("io.vertx.ext.web.client", "").contains("io.vertx.ext.web"))
          .as("%s", source)
          .isFalse();
    }
  }

  @Test
  void rows_of_the_database_stay_in_the_stores_of_features_and_in_db() {
    for (Source source : sources()) {
      if (source.names("io.vertx.sqlclient.Row;")) {
        assertThat(source.feature()).as("%s", source).isIn(union(FEATURES, Set.of("db")));
      }
    }
  }

  @Test
  void every_package_says_what_it_is_and_is_null_marked() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES.resolve("lectern"))) {
      for (Path directory : files.filter(Files::isDirectory).toList()) {
        if (directory.equals(SOURCES.resolve("lectern"))) {
          continue;
        }
        String info = Files.readString(directory.resolve("package-info.java"));
        assertThat(info).contains("@NullMarked").startsWith("/**");
      }
    }
  }

  @Test
  void no_class_is_called_after_its_role_in_a_framework() {
    assertThat(sources().stream().map(source -> source.file().getFileName().toString()))
        .noneMatch(name -> FORBIDDEN_NAME.matcher(name.replace(".java", "")).matches());
    assertThat(packages()).doesNotContain("common", "model", "core", "util", "impl");
  }

  private static List<Source> of(Set<String> packages) {
    return sources().stream().filter(source -> packages.contains(source.feature())).toList();
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
  }
}
