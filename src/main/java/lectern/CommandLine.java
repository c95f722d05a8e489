package lectern;

import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;

/**
 * What was typed after the program's name.
 *
 * @param options texts by environment name
 * @param rotateKeys whether to seal stored keys anew instead of starting the server
 */
record CommandLine(
    Map<String, String> options,
    Optional<String> file,
    boolean help,
    boolean version,
    boolean rotateKeys) {

  CommandLine {
    options = Map.copyOf(options);
  }

  /** Options are {@code --name value} or {@code --name=value}; the last of a name wins. */
  static CommandLine parse(List<String> words) {
    Map<String, String> options = new HashMap<>();
    Map<String, String> environments = environments();
    boolean help = false;
    boolean version = false;
    boolean rotateKeys = false;
    ListIterator<String> rest = words.listIterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "--" -> {}
        case "--help", "-h" -> help = true;
        case "--version" -> version = true;
        case "rotate-keys" -> rotateKeys = true;
        case String _ -> {
          String name = word.split("=", 2)[0];
          options.put(environment(name, environments), value(word, rest));
        }
      }
    }
    return new CommandLine(
        options, Optional.ofNullable(options.remove(Sources.FILE)), help, version, rotateKeys);
  }

  private static Map<String, String> environments() {
    Map<String, String> environments = new HashMap<>();
    environments.put("--config", Sources.FILE);
    for (Setting<?> setting : Settings.all()) {
      setting.option().ifPresent(name -> environments.put("--" + name, setting.environment()));
    }
    return environments;
  }

  private static String environment(String name, Map<String, String> environments) {
    String environment = environments.get(name);
    if (environment == null) {
      throw new BadSetting(
          "There is no option "
              + name
              + "; --help lists them. Secrets have none: set them in the"
              + " environment or in a file.");
    }
    return environment;
  }

  private static String value(String word, ListIterator<String> rest) {
    int equals = word.indexOf('=');
    if (equals >= 0) {
      return word.substring(equals + 1);
    }
    if (!rest.hasNext()) {
      throw new BadSetting("The option " + word + " needs a value, as in " + word + " VALUE");
    }
    return rest.next();
  }

  /** The page that {@code --help} prints. */
  static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            Lectern, a server for reading with language models.

            Commands:

              rotate-keys     seals stored keys anew with the newest master key, and ends

            Options (each also as an environment variable or in a file given with --config):

              --config FILE   a YAML file like conf/lectern.yaml [LECTERN_CONFIG]
              --help          this page
              --version       the version

            """);
    Settings.all().forEach(setting -> page.append(entry(setting)));
    return page.toString();
  }

  private static String entry(Setting<?> setting) {
    String option = setting.option().map(name -> "--" + name + " ").orElse("");
    String fallback = setting.fallback().map(text -> " (" + text + ")").orElse("");
    return "  %s[%s]%s%n      %s%n"
        .formatted(option, setting.environment(), fallback, setting.about());
  }
}
