package lectern.models;

import java.util.List;
import java.util.UUID;
import lectern.bus.Address;

/**
 * The models a reader wants asked when the one that was chosen does not answer.
 *
 * @param modelIds in the order they are asked, each once
 */
public record StandIns(List<UUID> modelIds) {
  /** The most a reader names; with the chosen one they are as many as one question may go to. */
  static final int MOST = 3;

  public StandIns {
    modelIds = List.copyOf(modelIds);
  }

  /** Those of a reader that are still there. */
  public record Ask(UUID viewer) {
    public static final Address<Ask, StandIns> ADDRESS =
        Address.of("model.stand_ins", Ask.class, StandIns.class);
  }

  /**
   * Names them anew. Refuses with E_INVALID_REQUEST more than three, or the same twice, and with
   * E_MODEL_NOT_AVAILABLE one the reader cannot know of.
   */
  public record Name(UUID viewer, List<UUID> modelIds) {
    public static final Address<Name, StandIns> ADDRESS =
        Address.of("model.name_stand_ins", Name.class, StandIns.class);

    public Name {
      modelIds = List.copyOf(modelIds);
    }
  }
}
