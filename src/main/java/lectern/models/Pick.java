package lectern.models;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Address;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.keys.Key.OpenedKey;
import lectern.keys.Key.Ticket;
import lectern.keys.UserConnection;
import lectern.llm.ModelSpec;
import lectern.llm.Secret;
import lectern.llm.Target;
import org.jspecify.annotations.Nullable;

/** Asks how a reader may ask a model. Refuses with E_MODEL_NOT_AVAILABLE when there is none. */
public record Pick(UUID viewer, UUID modelId, KeyMode keyMode) {
  public static final Address<Pick, Picked> ADDRESS =
      Address.of("model.pick", Pick.class, Picked.class);

  /**
   * The model, and either the ways to ask it or why it cannot be asked.
   *
   * @param ways the model itself first, then those that may answer in its place; empty where there
   *     is a code
   * @param code E_MODEL_NOT_AVAILABLE or E_LLM_NO_KEY, or null
   */
  public record Picked(
      Model model, List<Way> ways, @Nullable Code code, @Nullable String sentence) {
    public Picked {
      ways = List.copyOf(ways);
    }

    static Picked refused(Model model, Code code, String sentence) {
      return new Picked(model, List.of(), code, sentence);
    }

    static Picked ready(Model model, Way way) {
      return new Picked(model, List.of(way), null, null);
    }

    /** The same, and who may answer in its place. */
    Picked with(List<Way> others) {
      return new Picked(
          model, Stream.concat(ways.stream(), others.stream()).toList(), code, sentence);
    }

    /** The ways, or the refusal that stands for them. */
    public List<Way> checked() {
      if (code != null) {
        throw new Refusal(code, String.valueOf(sentence));
      }
      return ways;
    }
  }

  /**
   * One model and what it is asked with. It holds an opened key: it is used for one question and
   * forgotten with it.
   *
   * @param keyModeUsed platform, byok, or none where no key is needed
   * @param ticket names the reader's key, to tell how the provider took it; null without one
   */
  public record Way(Target target, String keyModeUsed, @Nullable Ticket ticket) {
    private static final String PLATFORM = "platform";
    private static final String BYOK = "byok";
    private static final String NONE = "none";

    static Way keyless(ModelSpec model) {
      return new Way(new Target(model, null, null), NONE, null);
    }

    static Way platform(ModelSpec model) {
      return new Way(new Target(model, null, null), PLATFORM, null);
    }

    static Way own(ModelSpec model, OpenedKey key) {
      return new Way(new Target(model, key.secret(), null), BYOK, key.ticket());
    }

    /** A server of the reader's own, with its key if it has one. */
    static Way own(ModelSpec model, UserConnection.Opened opened) {
      Secret key = opened.connection().key();
      Target target = new Target(model, key, opened.connection());
      return new Way(target, key == null ? NONE : BYOK, opened.ticket());
    }

    /** Whether the server's key is used, and with it the reader's share of the day's tokens. */
    public boolean isOnPlatform() {
      return keyModeUsed.equals(PLATFORM);
    }

    boolean isOnOwnKey() {
      return keyModeUsed.equals(BYOK);
    }

    boolean isKeyless() {
      return keyModeUsed.equals(NONE);
    }
  }
}
