package lectern.llm;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of one call as the provider counted them. Only the last one said counts.
 *
 * @param input everything read, cached parts included
 * @param cachedInput the part of the input that came from the provider's cache
 * @param cacheWrite the part of the input that was put into the provider's cache
 * @param output everything written, reasoning included
 * @param reasoning the part of the output that was reasoning
 * @param costUsdMicros what the provider says it charged, in millionths of a US dollar, or null:
 *     most leave that to be worked out
 */
public record Usage(
    int input,
    int cachedInput,
    int cacheWrite,
    int output,
    int reasoning,
    @Nullable Long costUsdMicros)
    implements Event {
  public Usage {
    if (input < 0 || cachedInput < 0 || cacheWrite < 0 || output < 0 || reasoning < 0) {
      throw new IllegalArgumentException("tokens are counted from zero");
    }
  }

  public Usage(int input, int cachedInput, int output, int reasoning) {
    this(input, cachedInput, 0, output, reasoning, null);
  }

  /** Input and output together: what budgets are counted in. */
  public long total() {
    return (long) input + output;
  }
}
