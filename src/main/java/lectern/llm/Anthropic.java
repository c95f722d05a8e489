package lectern.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import lectern.bus.Json;
import lectern.llm.ModelSpec.How;
import lectern.llm.ModelSpec.Thinking;
import lectern.llm.Question.Dispensable;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Messages. No sampling parameter is ever sent, since the current version of the format
 * has none; thinking is neither switched on nor off but for models that have to be told a budget.
 * The last block is marked for the cache, which is where the next turn of a conversation begins.
 */
final class Anthropic implements Adapter {
  /** What the format allows at least for thinking. */
  private static final int LEAST_BUDGET = 1024;

  @Override
  public Question question(Call call) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", call.model().modelName());
    body.put("max_tokens", call.outputTokens());
    if (!call.prompt().system().isBlank()) {
      body.put("system", call.prompt().system());
    }
    ArrayNode messages = body.putArray("messages");
    for (Prompt.Turn turn : call.prompt().spoken()) {
      messages.addObject().put("role", turn.role().word()).put("content", turn.text());
    }
    body.put("stream", true);
    body.putObject("cache_control").put("type", "ephemeral");
    thinking(call, body);
    return new Question(
        call.connection().at("messages"),
        body,
        new Dispensable("output_config", "effort", null),
        new Dispensable("output_config"),
        new Dispensable("thinking"),
        new Dispensable("cache_control"));
  }

  private static void thinking(Call call, ObjectNode body) {
    Thinking thinking = call.model().rules().thinking();
    Integer budget = thinking.budget();
    if (thinking.how() == How.EFFORT && thinking.effort() != null) {
      body.putObject("output_config").put("effort", thinking.effort().word());
    } else if (budget != null && budget >= LEAST_BUDGET && budget < call.outputTokens()) {
      body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
    }
  }

  @Override
  public AnswerStream stream(@Nullable String requestId, Consumer<Event> events) {
    return new AnthropicStream(requestId, events);
  }
}
