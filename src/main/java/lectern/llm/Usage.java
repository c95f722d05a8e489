package lectern.llm;

/**
 * The tokens of one call as the provider counted them. Only the last one said counts.
 *
 * @param input everything read, cached parts included
 * @param cachedInput the part of the input that came from the provider's cache
 * @param output everything written, reasoning included
 * @param reasoning the part of the output that was reasoning
 */
public record Usage(int input, int cachedInput, int output, int reasoning) implements Event {
  public Usage {
    if (input < 0 || cachedInput < 0 || output < 0 || reasoning < 0) {
      throw new IllegalArgumentException("tokens are counted from zero");
    }
  }

  /** Input and output together: what budgets are counted in. */
  public long total() {
    return (long) input + output;
  }
}
