package lectern.llm;

import java.time.Duration;
import java.util.List;
import lectern.bus.Address;
import org.jspecify.annotations.Nullable;

/**
 * What a server said when it was asked for its models, which spends nothing and tells whether it
 * takes a key.
 *
 * @param failure why there is no list, or null
 * @param models those that can answer; of hosted providers none, for the catalogue knows more
 */
public record ModelList(@Nullable LlmFailure failure, List<ModelSpec> models) {
  public ModelList {
    models = List.copyOf(models);
  }

  static ModelList failed(LlmFailure failure) {
    return new ModelList(failure, List.of());
  }

  /** Asks a provider with this key. Refuses with E_MODEL_NOT_AVAILABLE when it is off. */
  public record OfProvider(String provider, Secret key) {
    public static final Address<OfProvider, ModelList> ADDRESS =
        Address.of("llm.provider_models", OfProvider.class, ModelList.class)
            .patience(Duration.ofSeconds(12));
  }

  /** Asks a server of somebody's own. */
  public record OfConnection(Connection connection) {
    public static final Address<OfConnection, ModelList> ADDRESS =
        Address.of("llm.connection_models", OfConnection.class, ModelList.class)
            .patience(Duration.ofSeconds(12));
  }
}
