package lectern;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be set.
 *
 * @param path its place in the configuration file, dotted
 * @param environment its environment variable
 * @param fallback the text that stands when nobody sets it; absent for what may stay unset
 * @param about one sentence for the person who sets it
 */
record Setting<T>(
    String path, String environment, Optional<String> fallback, Kind<T> kind, String about) {

  /**
   * Its name on the command line, without dashes; a secret has none, for others could read it
   * there.
   */
  Optional<String> option() {
    if (kind.secret()) {
      return Optional.empty();
    }
    String name =
        environment.startsWith("LECTERN_")
            ? environment.substring("LECTERN_".length())
            : environment;
    return Optional.of(name.toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
