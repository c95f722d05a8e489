package lectern.models;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Address;
import lectern.llm.ModelSpec.Capability;
import lectern.llm.Prices.Tier;
import org.jspecify.annotations.Nullable;

/**
 * A model a message can be asked of.
 *
 * @param connection the viewer's own server that has it, or null
 * @param prices today's, by size of the input
 * @param keyModes those it can be asked with now
 * @param fallbackModelId the model that may answer in its place, or null
 * @param available whether the viewer can ask it now
 * @param unavailableReason what is missing, as a sentence, where it is not
 */
public record Model(
    UUID id,
    String provider,
    String modelName,
    String displayName,
    @Nullable Place connection,
    int maxContextTokens,
    int maxOutputTokens,
    Set<Capability> capabilities,
    List<Tier> prices,
    List<KeyMode> keyModes,
    @Nullable UUID fallbackModelId,
    boolean available,
    @Nullable String unavailableReason) {

  public Model {
    capabilities = Set.copyOf(capabilities);
    prices = List.copyOf(prices);
    keyModes = List.copyOf(keyModes);
  }

  /** A reader's own server, as the reader calls it. */
  public record Place(UUID id, String name) {}

  /** Every model the viewer may know of, those that can be asked first. */
  public record ListAll(UUID viewer) {
    public static final Address<ListAll, Listing> ADDRESS =
        Address.of("model.list", ListAll.class, Listing.class);
  }

  public record Listing(List<Model> models) {
    public Listing {
      models = List.copyOf(models);
    }
  }
}
