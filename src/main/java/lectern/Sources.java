package lectern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The texts of all settings, from where each was found last: the file, then the environment, then
 * the command line. An empty text counts as unset, for that is what a container's environment often
 * has.
 */
final class Sources {
  static final String FILE = "LECTERN_CONFIG";

  private final Map<String, String> file;
  private final Map<String, String> environment;
  private final Map<String, String> options;

  private Sources(
      Map<String, String> file, Map<String, String> environment, Map<String, String> options) {
    this.file = file;
    this.environment = environment;
    this.options = options;
  }

  static Sources of(CommandLine line, Map<String, String> environment) {
    Optional<String> path = line.file().or(() -> Optional.ofNullable(environment.get(FILE)));
    return new Sources(
        path.filter(text -> !text.isEmpty()).map(Sources::readFile).orElse(Map.of()),
        environment,
        line.options());
  }

  <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  <T> Optional<T> find(Setting<T> setting) {
    String name = setting.environment();
    String option = options.get(name);
    if (option != null) {
      return Optional.of(setting.kind().parse("--" + setting.option().orElseThrow(), option));
    }
    Optional<String> variable = Optional.ofNullable(environment.get(name)).filter(Sources::isSet);
    if (variable.isPresent()) {
      return variable.map(text -> setting.kind().parse(name, text));
    }
    Optional<String> line = Optional.ofNullable(file.get(setting.path())).filter(Sources::isSet);
    if (line.isPresent()) {
      return line.map(text -> setting.kind().parse(setting.path(), text));
    }
    return setting.fallback().map(text -> setting.kind().parse(name, text));
  }

  /** Sentences about variables that look like settings and are none. */
  List<String> warnings() {
    Set<String> known =
        Settings.all().stream().map(Setting::environment).collect(Collectors.toSet());
    return environment.keySet().stream()
        .filter(name -> name.startsWith("LECTERN_") && !name.equals(FILE))
        .filter(name -> !known.contains(name))
        .sorted()
        .map(name -> "The environment variable " + name + " is no setting and is ignored.")
        .toList();
  }

  private static boolean isSet(String text) {
    return !text.isBlank();
  }

  private static Map<String, String> readFile(String path) {
    Map<String, String> texts = new TreeMap<>();
    flatten("", tree(path), texts);
    Set<String> known = Settings.all().stream().map(Setting::path).collect(Collectors.toSet());
    for (String name : texts.keySet()) {
      if (!known.contains(name)) {
        throw new BadSetting(path + ": there is no setting " + name + "; --help lists them.");
      }
    }
    return texts;
  }

  private static @Nullable JsonNode tree(String path) {
    try {
      return new YAMLMapper().readTree(Files.readString(Path.of(path)));
    } catch (JsonProcessingException wrong) {
      int line = wrong.getLocation() == null ? 1 : wrong.getLocation().getLineNr();
      throw new BadSetting(path + " is not YAML near line " + line + ".");
    } catch (IOException missing) {
      throw new BadSetting(path + ": the configuration file cannot be read.");
    }
  }

  private static void flatten(String prefix, @Nullable JsonNode node, Map<String, String> texts) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return;
    }
    if (node.isObject()) {
      String start = prefix.isEmpty() ? "" : prefix + ".";
      node.properties().forEach(each -> flatten(start + each.getKey(), each.getValue(), texts));
    } else if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(item.asText()));
      texts.put(prefix, String.join(",", items));
    } else {
      texts.put(prefix, node.asText());
    }
  }
}
