package lectern.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
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
   * What is known about the call whichever way it ended.
   *
   * @param model the model that really answered, as the provider names it, or null
   * @param requestId the provider's own name for the call, or null
   * @param usage tokens as counted by the provider, or null: a cut or cancelled answer often has
   *     none
   * @param firstDelta from the call to the first piece of the answer, or null when there was none
   * @param total from the call to its end
   */
  record Receipt(
      @Nullable String model,
      @Nullable String requestId,
      @Nullable Usage usage,
      @Nullable Duration firstDelta,
      Duration total) {}
}
