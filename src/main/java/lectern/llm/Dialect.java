package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;

/** The wire format a server speaks. */
public enum Dialect {
  /** OpenAI's own Chat Completions, with its newer parameter names. */
  OPENAI_CHAT("openai-chat"),
  /**
   * Chat Completions as everybody else understands it: Ollama, llama.cpp, vLLM, LM Studio, proxies.
   */
  OPENAI_COMPATIBLE("openai-compatible"),
  /** No wire at all: sentences picked out of the given passages by this program. */
  EXTRACTS("extracts");

  private final String word;

  Dialect(String word) {
    this.word = word;
  }

  @JsonValue
  public String word() {
    return word;
  }
}
