package lectern.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An expected no: a code, one sentence for a person, and details a client may read. It has no stack
 * trace, is not logged as an error, and crosses the bus unchanged.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Code code;
  private final transient Map<String, Object> details;

  public Refusal(Code code, String message) {
    this(code, message, Map.of());
  }

  public Refusal(Code code, String message, Map<String, Object> details) {
    super(message, null, false, false);
    this.code = code;
    this.details = Map.copyOf(details);
  }

  /**
   * The same refusal with one more detail. Values are what JSON holds: text, numbers, lists, maps.
   */
  public Refusal with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new Refusal(code, sentence(), more);
  }

  public Code code() {
    return code;
  }

  /** What a reader of the product is told. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> details() {
    return details;
  }
}
