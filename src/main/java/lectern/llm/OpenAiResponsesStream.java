package lectern.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one Responses stream, which ends with one of three. What the model says on
 * its way to the answer, its commentary, is reasoning: progress, and no part of what is kept.
 */
final class OpenAiResponsesStream extends JsonStream {
  private static final String PARAGRAPH = "\n\n";

  /** More items than this are not looked at for what they are. */
  private static final int MOST_ITEMS = 1024;

  private final BitSet commentary = new BitSet();
  private boolean answering;
  private boolean anotherMessage;

  OpenAiResponsesStream(@Nullable String requestId, Consumer<Event> events) {
    super(requestId, events);
  }

  @Override
  void readChunk(JsonNode event) {
    switch (event.path("type").asText("")) {
      case "response.created" ->
          start(event.path("response").path("id"), event.path("response").path("model"));
      case "response.output_item.added" -> begin(event.path("output_index"), event.path("item"));
      case "response.output_text.delta" -> speak(event);
      case "response.refusal.delta" -> refusal(event.path("delta"));
      case "response.reasoning_summary_part.added" -> beginSummary(event.path("summary_index"));
      case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
          reasoning(event.path("delta"));
      case "response.completed" -> end(event.path("response"), FinishReason.STOP);
      case "response.incomplete" -> {
        JsonNode response = event.path("response");
        end(response, reason(response.path("incomplete_details").path("reason").asText("")));
      }
      case "response.failed" -> {
        usage(event.path("response").path("usage"));
        fail(ProviderError.in(event.path("response")));
      }
      default -> {}
    }
  }

  private void begin(JsonNode index, JsonNode item) {
    if (!item.path("type").asText("").equals("message")) {
      return;
    }
    int at = index.asInt(MOST_ITEMS);
    if (item.path("phase").asText("").equals("commentary") && at >= 0 && at < MOST_ITEMS) {
      commentary.set(at);
    } else {
      anotherMessage = answering;
    }
  }

  private void speak(JsonNode event) {
    int at = event.path("output_index").asInt(MOST_ITEMS);
    if (at >= 0 && commentary.get(at)) {
      reasoning(event.path("delta"));
    } else if (!event.path("delta").asText("").isEmpty()) {
      if (anotherMessage) {
        say(new Delta.Text(PARAGRAPH));
      }
      anotherMessage = false;
      answering |= text(event.path("delta"));
    }
  }

  private void beginSummary(JsonNode index) {
    if (index.asInt(0) > 0) {
      say(new Delta.Reasoning(PARAGRAPH));
    }
  }

  private void end(JsonNode response, FinishReason reason) {
    usage(response.path("usage"));
    finish(reason);
  }

  private static FinishReason reason(String incomplete) {
    return switch (incomplete) {
      case "max_output_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }

  private void usage(JsonNode usage) {
    if (usage.isObject()) {
      JsonNode input = usage.path("input_tokens_details");
      say(
          new Usage(
              count(usage.path("input_tokens")),
              count(input.path("cached_tokens")),
              count(input.path("cache_write_tokens")),
              count(usage.path("output_tokens")),
              count(usage.path("output_tokens_details").path("reasoning_tokens")),
              null));
    }
  }
}
