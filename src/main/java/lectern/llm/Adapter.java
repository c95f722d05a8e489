package lectern.llm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How one dialect is spoken: a call becomes a question, the bytes of an answer become events. */
interface Adapter {

  Question question(Call call);

  /**
   * What reads one answer.
   *
   * @param requestId the provider's name for this call as its headers gave it, or null
   */
  AnswerStream stream(@Nullable String requestId, Consumer<Event> events);

  /** For a dialect that is spoken over HTTP. */
  static Adapter of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_RESPONSES -> new OpenAiResponses();
      case OPENAI_CHAT -> OpenAiChat.PROPER;
      case OPENAI_COMPATIBLE -> OpenAiChat.COMPATIBLE;
      case ANTHROPIC -> new Anthropic();
      case GEMINI -> new Gemini();
      case GEMINI_INTERACTIONS -> new GeminiInteractions();
      case EXTRACTS -> throw new IllegalArgumentException("extracts have no wire");
    };
  }
}
