package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model as the catalogue or a local server describes it. Provider and name together identify it;
 * the id a database gives it is the database's affair.
 *
 * @param modelName the name the provider knows it by
 * @param displayName the name a person picks it by
 * @param maxContextTokens how much it can read, question and answer together
 * @param maxOutputTokens how much it can write at once
 * @param rules what may and must be sent to it
 * @param shutdown the first day on which the provider no longer answers for it, or null
 */
public record ModelSpec(
    String provider,
    String modelName,
    String displayName,
    int maxContextTokens,
    int maxOutputTokens,
    Set<Capability> capabilities,
    Rules rules,
    @Nullable LocalDate shutdown,
    Prices prices) {

  public ModelSpec {
    capabilities = Set.copyOf(capabilities);
    if (provider.isBlank() || modelName.isBlank() || displayName.isBlank()) {
      throw new IllegalArgumentException("a model has a provider and two names");
    }
    if (maxContextTokens <= 0 || maxOutputTokens <= 0 || maxOutputTokens > maxContextTokens) {
      throw new IllegalArgumentException("a model writes some tokens, at most as many as it reads");
    }
    if (capabilities.contains(Capability.REASONING) == (rules.thinking().how() == How.NONE)) {
      throw new IllegalArgumentException("exactly a model that reasons says how it is told to");
    }
  }

  /** A model of which nothing is known that needs care, and which has no end in sight. */
  public ModelSpec(
      String provider,
      String modelName,
      String displayName,
      int maxContextTokens,
      int maxOutputTokens,
      Set<Capability> capabilities,
      List<Prices.Price> prices) {
    this(
        provider,
        modelName,
        displayName,
        maxContextTokens,
        maxOutputTokens,
        capabilities,
        capabilities.contains(Capability.REASONING) ? Rules.THINKING : Rules.PLAIN,
        null,
        new Prices(prices));
  }

  /** Whether the provider has stopped answering for it by this day. */
  public boolean hasEnded(LocalDate today) {
    return shutdown != null && !today.isBefore(shutdown);
  }

  /** What a model can do beyond answering text with text. */
  public enum Capability {
    /** Thinks before it answers; part of the output limit goes there. */
    REASONING,
    /** Answers only by quoting, with no language model behind it. */
    EXTRACTIVE;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a model takes and what it refuses.
   *
   * @param sampling whether temperature and its kin may be sent
   * @param dialect the wire format it insists on, or null for that of its provider
   */
  public record Rules(Sampling sampling, Thinking thinking, @Nullable Dialect dialect) {
    static final Rules PLAIN = new Rules(Sampling.NEVER, Thinking.NONE, null);
    static final Rules THINKING =
        new Rules(Sampling.NEVER, new Thinking(How.EFFORT, List.of(), null, null, false), null);
  }

  /** When a model takes a temperature. One that is not known to is never sent one. */
  public enum Sampling {
    NEVER,
    /** Only together with the effort {@code none}. */
    WITHOUT_THINKING,
    ALWAYS;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How much a model thinks before it answers, and how it is told.
   *
   * @param efforts the words it takes, least first; empty where none is known
   * @param effort the one that is sent, or null to send none
   * @param budget the tokens of thinking that are granted, or null to leave that to the model
   * @param canBeOff whether it can be told not to think at all
   */
  public record Thinking(
      How how,
      List<Effort> efforts,
      @Nullable Effort effort,
      @Nullable Integer budget,
      boolean canBeOff) {
    static final Thinking NONE = new Thinking(How.NONE, List.of(), null, null, true);

    public Thinking {
      efforts = List.copyOf(efforts);
      if (!efforts.equals(efforts.isEmpty() ? List.of() : List.copyOf(EnumSet.copyOf(efforts)))) {
        throw new IllegalArgumentException("efforts are named once each, least first");
      }
      if (effort != null && !efforts.contains(effort)) {
        throw new IllegalArgumentException("the effort that is sent is one the model takes");
      }
      if (budget != null && how != How.BUDGET) {
        throw new IllegalArgumentException("a budget is for models that take one");
      }
    }
  }

  /** The parameter that says how much to think. */
  public enum How {
    /** It does not think. */
    NONE,
    /** A word: OpenAI's {@code reasoning.effort}, Anthropic's {@code output_config.effort}. */
    EFFORT,
    /** A word: Gemini's {@code thinkingLevel}. */
    LEVEL,
    /** A number of tokens: Gemini 2.5's {@code thinkingBudget}, older Claudes. */
    BUDGET;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How hard to think, in the words providers share. */
  public enum Effort {
    NONE,
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
