package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lectern.bus.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is sent for one call. A server that refuses one of the parameters it may do without is asked
 * again without it, once, and nobody hears of it.
 */
final class Question {
  private static final Pattern REFUSES_PARAMETER =
      Pattern.compile(
          "unsupported|not supported|unknown|unrecogni[sz]ed|not permitted|not allowed|extra");

  private final URI uri;
  private final ObjectNode body;
  private final List<Dispensable> dispensable;
  private @Nullable String amended;

  /**
   * @param dispensable what may be left out, the likeliest first
   */
  Question(URI uri, ObjectNode body, Dispensable... dispensable) {
    this.uri = uri;
    this.body = body;
    this.dispensable = List.of(dispensable);
  }

  URI uri() {
    return uri;
  }

  Buffer body() {
    return Json.write(body);
  }

  /** Asks for the rest of an answer that was handed over in parts. */
  void goOn(String name, String token) {
    body.put(name, token);
  }

  /**
   * Leaves out, or renames, the parameter this answer refuses; false when asking again is no use.
   */
  boolean amend(int status, ProviderError error) {
    if (amended != null || (status != 400 && status != 422)) {
      return false;
    }
    Optional<Dispensable> refused = refused(error);
    refused.ifPresent(this::leaveOut);
    amended = refused.map(Dispensable::path).orElse(null);
    return amended != null;
  }

  /** What {@link #amend} left out or renamed, or null. */
  @Nullable String amended() {
    return amended;
  }

  /** Leaves out, or renames, from the start what is known to be refused. */
  void leaveOut(Set<String> paths) {
    dispensable.stream()
        .filter(each -> paths.contains(each.path()) && each.in(body).isPresent())
        .forEach(this::leaveOut);
  }

  private Optional<Dispensable> refused(ProviderError error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    boolean says =
        error.says("unsupported_parameter", "unsupported_value", "parameter_unknown")
            || REFUSES_PARAMETER.matcher(message).find();
    return dispensable.stream()
        .filter(each -> says && each.in(body).isPresent())
        .filter(each -> error.param().isEmpty() ? each.isIn(message) : each.is(error.param()))
        .findFirst();
  }

  private void leaveOut(Dispensable refused) {
    JsonNode value = refused.in(body).orElseThrow().remove(refused.name());
    if (refused.otherwise() != null) {
      body.set(refused.otherwise(), value);
    }
  }

  /**
   * A parameter a server may do without.
   *
   * @param path where it stands, as in {@code reasoning.summary}
   * @param said the lower-case word by which a message speaks of it
   * @param otherwise the name some servers know it by, or null when it is just left out
   */
  record Dispensable(String path, String said, @Nullable String otherwise) {

    Dispensable(String path) {
      this(path, path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT), null);
    }

    String name() {
      return path.substring(path.lastIndexOf('.') + 1);
    }

    boolean isIn(String message) {
      return message.contains(said);
    }

    /** A part of it counts as the whole. */
    boolean is(String param) {
      return param.equals(path) || param.startsWith(path + ".");
    }

    /** What holds it, when it is there. */
    Optional<ObjectNode> in(ObjectNode body) {
      JsonNode holder = body;
      for (String step : path.split("\\.", -1)) {
        if (holder instanceof ObjectNode object && object.has(step)) {
          if (step.equals(name())) {
            return Optional.of(object);
          }
          holder = object.get(step);
        }
      }
      return Optional.empty();
    }
  }
}
