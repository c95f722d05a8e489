package lectern.llm;

/**
 * What one answer may use.
 *
 * @param outputTokens the most the model may write, its reasoning included; at least 16, which is
 *     the least the strictest provider accepts
 */
public record Limits(int outputTokens) {
  public Limits {
    if (outputTokens < 16) {
      throw new IllegalArgumentException("an answer needs room for at least 16 tokens");
    }
  }
}
