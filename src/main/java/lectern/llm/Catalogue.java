package lectern.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import lectern.bus.Json;

/**
 * The models this server knows by name, in the order they are offered. No two have the same
 * provider and name.
 */
public record Catalogue(List<ModelSpec> models) {
  private static final String RESOURCE = "/conf/models.json";

  public Catalogue {
    models = List.copyOf(models);
    Set<String> seen = new HashSet<>();
    for (ModelSpec model : models) {
      if (!seen.add(model.provider() + " " + model.modelName())) {
        throw new IllegalArgumentException(
            "the catalogue names %s of %s twice".formatted(model.modelName(), model.provider()));
      }
    }
  }

  /** What the catalogue says of the model that has this provider and name. */
  public Optional<ModelSpec> find(String provider, String modelName) {
    return models.stream()
        .filter(model -> model.provider().equals(provider) && model.modelName().equals(modelName))
        .findFirst();
  }

  /** The catalogue in this file. */
  public static Catalogue read(Path file) {
    try {
      return Json.read(Files.readAllBytes(file), Catalogue.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The catalogue that came with the program. */
  public static Catalogue bundled() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      return Json.read(Objects.requireNonNull(in, RESOURCE).readAllBytes(), Catalogue.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
