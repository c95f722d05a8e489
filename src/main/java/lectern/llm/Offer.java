package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model this server knows, and whether it can be asked. */
public record Offer(ModelSpec model, Availability availability) {

  /**
   * Why somebody with or without a key of their own cannot ask this model, or null when they can.
   */
  public @Nullable String unavailableReason(boolean ownKey) {
    return switch (availability) {
      case READY -> null;
      case NEEDS_KEY -> ownKey ? null : "Add a key for this provider to use this model.";
      case OFF -> "This provider is switched off on this server.";
      case ENDED -> "The provider ended this model on %s.".formatted(model.shutdown());
    };
  }

  /** What stands between a reader and a model. */
  public enum Availability {
    /** Nothing: the server has a key, or none is needed. */
    READY,
    /** A key of one's own. */
    NEEDS_KEY,
    /** The administrator's setting. */
    OFF,
    /** Its provider, for good. */
    ENDED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Asks for all offers; local servers are looked for anew when the last look is stale. */
  public record Ask() {}

  /** All models of the catalogue in its order, then those of local servers. */
  public record All(List<Offer> offers) {
    public All {
      offers = List.copyOf(offers);
    }
  }
}
