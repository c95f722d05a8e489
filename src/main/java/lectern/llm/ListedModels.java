package lectern.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lectern.bus.Json;

/** The models in the answer to {@code GET /models}, as the servers of this world write it. */
final class ListedModels {
  private static final int MOST_MODELS = 200;
  private static final int LONGEST_NAME = 200;

  /** What is taken for granted of a model whose server does not say: small enough for any. */
  private static final int USUAL_CONTEXT = 8192;

  private static final int USUAL_OUTPUT = 2048;

  private ListedModels() {}

  /** Those that can answer questions, at most 200; empty when this is no list of models. */
  static Optional<List<ModelSpec>> in(String body, String provider) {
    try {
      JsonNode tree = Json.mapper().readTree(body);
      JsonNode list = tree.path(tree.has("models") && !tree.has("data") ? "models" : "data");
      return list.isArray() ? Optional.of(specs(list, provider)) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static List<ModelSpec> specs(JsonNode list, String provider) {
    List<ModelSpec> specs = new ArrayList<>();
    for (JsonNode entry : list) {
      String name = entry.path("id").asText("");
      if (isAnswering(name) && specs.size() < MOST_MODELS) {
        specs.add(spec(provider, name, context(entry)));
      }
    }
    return specs;
  }

  /** Servers list their embedding models with the others; those cannot answer. */
  private static boolean isAnswering(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NAME
        && name.chars().noneMatch(Character::isISOControl)
        && !name.toLowerCase(Locale.ROOT).contains("embed");
  }

  /** vLLM's name for the window of a model, OpenRouter's and LM Studio's; 0 where none is given. */
  private static int context(JsonNode entry) {
    return Stream.of("max_model_len", "context_length", "max_context_length")
        .mapToInt(field -> entry.path(field).asInt(0))
        .filter(tokens -> tokens > 0)
        .findFirst()
        .orElse(0);
  }

  private static ModelSpec spec(String provider, String name, int maxModelLen) {
    int context = maxModelLen > 0 ? maxModelLen : USUAL_CONTEXT;
    return new ModelSpec(
        provider, name, name, context, Math.min(context, USUAL_OUTPUT), Set.of(), List.of());
  }
}
