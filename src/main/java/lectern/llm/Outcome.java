package lectern.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call ended. The text itself has been delivered before. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed")
})
public sealed interface Outcome {

  Receipt receipt();

  /** The reason to store with the message. */
  default FinishReason finish() {
    return switch (this) {
      case Answered answered -> answered.reason();
      case Failed _ -> FinishReason.ERROR;
    };
  }

  /**
   * The answer is as whole as it will be: {@code reason} is anything but {@link
   * FinishReason#ERROR}.
   */
  record Answered(FinishReason reason, Receipt receipt) implements Outcome {
    public Answered {
      if (reason == FinishReason.ERROR) {
        throw new IllegalArgumentException("an error is a failure");
      }
    }
  }

  /** The answer broke off or never began; the text so far stands. */
  record Failed(LlmFailure failure, Receipt receipt) implements Outcome {}

  /**
   * What is known about an answer whichever way it ended. Model, request and usage are those of the
   * last attempt.
   *
   * @param model the model that really answered, as the provider names it, or null
   * @param requestId the provider's own name for the call, or null
   * @param usage tokens as counted by the provider, or null: a cut or cancelled answer often has
   *     none
   * @param costUsdMicros millionths of a dollar, by the price list of that day or as the provider
   *     said, or null when that is not known
   * @param firstDelta from the question to the first piece of the answer, attempts that came to
   *     nothing included, or null when there was none
   * @param total from the question to the end
   * @param attempts every call that was made, in order; the last one is the one that answered
   */
  record Receipt(
      @Nullable String model,
      @Nullable String requestId,
      @Nullable Usage usage,
      @Nullable Long costUsdMicros,
      @Nullable Duration firstDelta,
      Duration total,
      List<Attempt> attempts) {
    public Receipt {
      attempts = List.copyOf(attempts);
    }

    /** Of one who knows nothing of attempts and prices. */
    public Receipt(
        @Nullable String model,
        @Nullable String requestId,
        @Nullable Usage usage,
        @Nullable Duration firstDelta,
        Duration total) {
      this(model, requestId, usage, null, firstDelta, total, List.of());
    }
  }
}
