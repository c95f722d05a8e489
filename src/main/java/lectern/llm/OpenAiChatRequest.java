package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import lectern.bus.Json;

/**
 * The body of a Chat Completions request. OpenAI itself takes {@code max_completion_tokens} and,
 * from reasoning models, the role {@code developer}; everybody else is sure to know {@code
 * max_tokens} and {@code system}. Sampling parameters are never sent: many current models refuse
 * them.
 *
 * <p>A server that refuses one of the parameters it may do without is asked again without it, once.
 */
final class OpenAiChatRequest {
  private static final List<String> DISPENSABLE =
      List.of("max_completion_tokens", "max_tokens", "stream_options");
  private static final Pattern REFUSES_PARAMETER =
      Pattern.compile("unsupported|not supported|unknown|unrecogni[sz]ed|not permitted|extra");

  private final Call call;
  private final ObjectNode body;
  private boolean amended;

  OpenAiChatRequest(Call call) {
    this.call = call;
    this.body = Json.mapper().createObjectNode();
    body.put("model", call.model().modelName());
    messages(body.putArray("messages"));
    body.put("stream", true);
    ObjectNode options = body.putObject("stream_options").put("include_usage", true);
    if (proper()) {
      options.put("include_obfuscation", false);
    }
    body.put(proper() ? "max_completion_tokens" : "max_tokens", call.outputTokens());
  }

  URI uri() {
    return call.connection().at("chat/completions");
  }

  Buffer body() {
    return Json.write(body);
  }

  /**
   * Leaves out, or renames, the parameter this answer refuses; false when asking again is no use.
   */
  boolean amend(int status, ProviderError error) {
    if (amended || (status != 400 && status != 422)) {
      return false;
    }
    Optional<String> refused = refused(error);
    refused.ifPresent(this::drop);
    amended = refused.isPresent();
    return amended;
  }

  private Optional<String> refused(ProviderError error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    boolean says =
        error.says("unsupported_parameter", "unsupported_value")
            || REFUSES_PARAMETER.matcher(message).find();
    return DISPENSABLE.stream()
        .filter(name -> says && body.has(name))
        .filter(name -> error.param().isEmpty() ? message.contains(name) : about(error, name))
        .findFirst();
  }

  private static boolean about(ProviderError error, String name) {
    return error.param().equals(name) || error.param().startsWith(name + ".");
  }

  private void drop(String name) {
    body.remove(name);
    switch (name) {
      case "max_tokens" -> body.put("max_completion_tokens", call.outputTokens());
      case "max_completion_tokens" -> body.put("max_tokens", call.outputTokens());
      default -> {}
    }
  }

  private void messages(ArrayNode messages) {
    if (!call.prompt().system().isBlank()) {
      messages.addObject().put("role", systemRole()).put("content", call.prompt().system());
    }
    for (Prompt.Turn turn : call.prompt().turns()) {
      messages.addObject().put("role", turn.role().word()).put("content", turn.text());
    }
  }

  private String systemRole() {
    boolean reasons = call.model().capabilities().contains(ModelSpec.Capability.REASONING);
    return proper() && reasons ? "developer" : "system";
  }

  private boolean proper() {
    return call.connection().dialect() == Dialect.OPENAI_CHAT;
  }
}
