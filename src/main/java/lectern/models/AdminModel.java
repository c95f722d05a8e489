package lectern.models;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Address;
import lectern.llm.Prices.Tier;
import org.jspecify.annotations.Nullable;

/**
 * A model as its administrator sees it.
 *
 * @param prices today's, by size of the input
 * @param hidden whether readers are not offered it
 * @param added whether an administrator added it, the catalogue not knowing it
 * @param set what an administrator has set, by the names of components
 * @param fallbackModelId the model that may answer in its place, or null
 * @param switchedOn whether its provider is
 */
public record AdminModel(
    UUID id,
    String provider,
    String modelName,
    String displayName,
    int maxContextTokens,
    int maxOutputTokens,
    List<Tier> prices,
    boolean hidden,
    boolean added,
    List<String> set,
    @Nullable UUID fallbackModelId,
    boolean switchedOn) {

  public AdminModel {
    prices = List.copyOf(prices);
    set = List.copyOf(set);
  }

  /** Every model but those of readers' own servers. */
  public record ListAll() {
    public static final Address<ListAll, Listing> ADDRESS =
        Address.of("model.list_all", ListAll.class, Listing.class);
  }

  public record Listing(List<AdminModel> models) {
    public Listing {
      models = List.copyOf(models);
    }
  }

  /** Adds a model that the catalogue does not know. Refuses with E_MODEL_EXISTS. */
  public record Add(
      String provider,
      String modelName,
      @Nullable String displayName,
      int maxContextTokens,
      int maxOutputTokens,
      List<Tier> prices) {
    public static final Address<Add, AdminModel> ADDRESS =
        Address.of("model.add", Add.class, AdminModel.class);

    public Add {
      prices = List.copyOf(prices);
    }
  }

  /**
   * Changes what is given; of that, null takes back what was set before.
   *
   * @param given names of the components that are meant
   */
  public record Change(
      UUID id,
      Set<String> given,
      @Nullable Boolean hidden,
      @Nullable String displayName,
      @Nullable Integer maxContextTokens,
      @Nullable Integer maxOutputTokens,
      @Nullable List<Tier> prices,
      @Nullable UUID fallbackModelId) {
    public static final Address<Change, AdminModel> ADDRESS =
        Address.of("model.change", Change.class, AdminModel.class);

    public Change {
      given = Set.copyOf(given);
      prices = prices == null ? null : List.copyOf(prices);
    }
  }
}
