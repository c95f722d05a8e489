package lectern.conversation;

import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import org.jspecify.annotations.Nullable;

/**
 * A model a message can be asked of.
 *
 * @param available whether the viewer can ask it now
 * @param unavailableReason what is missing, as a sentence, where it is not
 */
public record Model(
    UUID id,
    String provider,
    String modelName,
    String displayName,
    int maxContextTokens,
    int maxOutputTokens,
    boolean available,
    @Nullable String unavailableReason) {

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
