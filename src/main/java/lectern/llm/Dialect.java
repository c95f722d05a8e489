package lectern.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The wire format a server speaks. */
public enum Dialect {
  /** OpenAI's Responses. */
  OPENAI_RESPONSES("openai-responses", "/v1", KeyHeader.AUTHORIZATION),
  /** OpenAI's own Chat Completions, with its newer parameter names. */
  OPENAI_CHAT("openai-chat", "/v1", KeyHeader.AUTHORIZATION),
  /**
   * Chat Completions as everybody else understands it: Ollama, llama.cpp, vLLM, LM Studio, proxies.
   */
  OPENAI_COMPATIBLE("openai-compatible", "/v1", KeyHeader.AUTHORIZATION),
  /** Anthropic's Messages. */
  ANTHROPIC("anthropic", "/v1", KeyHeader.X_API_KEY),
  /** Gemini's {@code streamGenerateContent}. */
  GEMINI("gemini", "/v1beta", KeyHeader.X_GOOG_API_KEY),
  /** Gemini's Interactions. */
  GEMINI_INTERACTIONS("gemini-interactions", "/v1beta", KeyHeader.X_GOOG_API_KEY),
  /** No wire at all: sentences picked out of the given passages by this program. */
  EXTRACTS("extracts", "", KeyHeader.AUTHORIZATION);

  private static final String ANTHROPICS_HOST = "api.anthropic.com";

  private final String word;
  private final String root;
  private final KeyHeader keyHeader;

  Dialect(String word, String root, KeyHeader keyHeader) {
    this.word = word;
    this.root = root;
    this.keyHeader = keyHeader;
  }

  @JsonValue
  public String word() {
    return word;
  }

  /** The path that a base URL of nothing but a host stands for. */
  String root() {
    return root;
  }

  /** Where servers that speak it look for the key, unless told otherwise. */
  public KeyHeader keyHeader() {
    return keyHeader;
  }

  /**
   * The version to name to the server at this base URL, or null where none is named. Only
   * Anthropic's own host is sure to know its newest.
   */
  public @Nullable String version(URI baseUrl) {
    if (this != ANTHROPIC) {
      return null;
    }
    return ANTHROPICS_HOST.equals(baseUrl.getHost()) ? "2026-10-21" : "2023-06-01";
  }
}
