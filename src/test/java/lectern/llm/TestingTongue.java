package lectern.llm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a server of one dialect writes, as a provider would write it. */
enum TestingTongue {
  RESPONSES(Dialect.OPENAI_RESPONSES) {
    @Override
    String start() {
      JsonObject response = new JsonObject().put("id", ID).put("model", MODEL).putNull("error");
      return event(new JsonObject().put("type", "response.created").put("response", response))
          + event(
              new JsonObject()
                  .put("type", "response.output_item.added")
                  .put("output_index", 0)
                  .put("item", new JsonObject().put("type", "message").put("role", "assistant")));
    }

    @Override
    String text(String text) {
      return delta("response.output_text.delta", text);
    }

    @Override
    String reasoning(String text) {
      return delta("response.reasoning_summary_text.delta", text);
    }

    private static String delta(String type, String text) {
      return event(new JsonObject().put("type", type).put("output_index", 0).put("delta", text));
    }

    @Override
    String end(FinishReason reason) {
      JsonObject usage = new JsonObject().put("input_tokens", 16).put("output_tokens", 9);
      usage.put("input_tokens_details", new JsonObject().put("cached_tokens", 4));
      usage.put("output_tokens_details", new JsonObject().put("reasoning_tokens", 2));
      JsonObject response = new JsonObject().put("id", ID).put("usage", usage);
      String why = reason == FinishReason.LENGTH ? "max_output_tokens" : "content_filter";
      if (reason == FinishReason.STOP) {
        return event(new JsonObject().put("type", "response.completed").put("response", response));
      }
      response.put("incomplete_details", new JsonObject().put("reason", why));
      return event(new JsonObject().put("type", "response.incomplete").put("response", response));
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      return openAiError(status, word, message);
    }
  },

  CHAT(Dialect.OPENAI_CHAT) {
    @Override
    String start() {
      return chatStart();
    }

    @Override
    String text(String text) {
      return chatDelta("content", text);
    }

    @Override
    String reasoning(String text) {
      return chatDelta("reasoning_content", text);
    }

    @Override
    String end(FinishReason reason) {
      return chatEnd(reason);
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      return openAiError(status, word, message);
    }
  },

  COMPATIBLE(Dialect.OPENAI_COMPATIBLE) {
    @Override
    String start() {
      return ": OPENROUTER PROCESSING\n\n" + chatStart();
    }

    @Override
    String text(String text) {
      return chatDelta("content", text);
    }

    @Override
    String reasoning(String text) {
      return chatDelta("reasoning", text);
    }

    @Override
    String end(FinishReason reason) {
      return chatEnd(reason);
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      return openAiError(status, word, message);
    }
  },

  MESSAGES(Dialect.ANTHROPIC) {
    @Override
    String start() {
      JsonObject usage =
          new JsonObject()
              .put("input_tokens", 12)
              .put("cache_read_input_tokens", 4)
              .put("cache_creation_input_tokens", 0)
              .put("output_tokens", 1);
      JsonObject message = new JsonObject().put("id", ID).put("model", MODEL).put("usage", usage);
      return event(new JsonObject().put("type", "message_start").put("message", message))
          + event(
              new JsonObject()
                  .put("type", "content_block_start")
                  .put("index", 0)
                  .put("content_block", new JsonObject().put("type", "text").put("text", "")))
          + "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    }

    @Override
    String text(String text) {
      return delta(new JsonObject().put("type", "text_delta").put("text", text));
    }

    @Override
    String reasoning(String text) {
      return delta(new JsonObject().put("type", "thinking_delta").put("thinking", text));
    }

    private static String delta(JsonObject delta) {
      return event(
          new JsonObject().put("type", "content_block_delta").put("index", 0).put("delta", delta));
    }

    @Override
    String end(FinishReason reason) {
      String word =
          switch (reason) {
            case LENGTH -> "max_tokens";
            case CONTENT_FILTER -> "refusal";
            default -> "end_turn";
          };
      JsonObject usage =
          new JsonObject()
              .put("output_tokens", 9)
              .put("output_tokens_details", new JsonObject().put("thinking_tokens", 2));
      return event(
              new JsonObject()
                  .put("type", "message_delta")
                  .put("delta", new JsonObject().put("stop_reason", word))
                  .put("usage", usage))
          + "event: message_stop\ndata: {\"type\":\"message_stop\"   }\n\n";
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      JsonObject error = new JsonObject().put("type", word).put("message", message);
      return new JsonObject().put("type", "error").put("error", error).encode();
    }
  },

  CONTENT(Dialect.GEMINI) {
    @Override
    String start() {
      return data(named().put("usageMetadata", new JsonObject().put("promptTokenCount", 16)));
    }

    @Override
    String text(String text) {
      return chunk(new JsonObject().put("text", text), null);
    }

    @Override
    String reasoning(String text) {
      return chunk(new JsonObject().put("text", text).put("thought", true), null);
    }

    private static JsonObject named() {
      return new JsonObject().put("responseId", ID).put("modelVersion", MODEL);
    }

    private static String chunk(JsonObject part, @Nullable String finish) {
      JsonObject candidate =
          new JsonObject().put("content", new JsonObject().put("parts", new JsonArray().add(part)));
      candidate.put("finishReason", finish);
      JsonObject usage = new JsonObject().put("promptTokenCount", 16);
      usage.put("cachedContentTokenCount", 4);
      usage.put("candidatesTokenCount", 7).put("thoughtsTokenCount", 2);
      return data(
          named().put("candidates", new JsonArray().add(candidate)).put("usageMetadata", usage));
    }

    @Override
    String end(FinishReason reason) {
      String word =
          switch (reason) {
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
            default -> "STOP";
          };
      return chunk(new JsonObject().put("text", "").put("thoughtSignature", "EqsF"), word);
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      JsonObject error = new JsonObject().put("code", status).put("message", message);
      return new JsonObject().put("error", error.put("status", word)).encodePrettily();
    }
  },

  INTERACTIONS(Dialect.GEMINI_INTERACTIONS) {
    @Override
    String start() {
      JsonObject interaction = new JsonObject().put("id", ID).put("model", MODEL);
      return data(
          new JsonObject()
              .put("event_type", "interaction.created")
              .put("interaction", interaction));
    }

    @Override
    String text(String text) {
      return delta(new JsonObject().put("type", "text").put("text", text));
    }

    @Override
    String reasoning(String text) {
      JsonObject content = new JsonObject().put("type", "text").put("text", text);
      return delta(new JsonObject().put("type", "thought_summary").put("content", content));
    }

    private static String delta(JsonObject delta) {
      return data(
          new JsonObject().put("event_type", "step.delta").put("index", 0).put("delta", delta));
    }

    @Override
    String end(FinishReason reason) {
      JsonObject usage =
          new JsonObject()
              .put("total_input_tokens", 16)
              .put("total_cached_tokens", 4)
              .put("total_output_tokens", 7)
              .put("total_thought_tokens", 2)
              .put("total_tokens", 25);
      JsonObject interaction =
          new JsonObject()
              .put("status", reason == FinishReason.LENGTH ? "incomplete" : "completed")
              .put("usage", usage);
      return data(
          new JsonObject()
              .put("event_type", "interaction.completed")
              .put("interaction", interaction));
    }

    @Override
    String error(int status, @Nullable String word, String message) {
      JsonObject error = new JsonObject().put("code", word).put("message", message);
      return new JsonObject().put("error", error).encode();
    }
  };

  static final String ID = "answer-7";
  static final String MODEL = "model-test-2026";

  /** What {@link #end} counts, in our words. */
  static final Usage COUNTED = new Usage(16, 4, 9, 2);

  private final Dialect dialect;

  TestingTongue(Dialect dialect) {
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }

  /** What comes before the first word. */
  abstract String start();

  abstract String text(String text);

  abstract String reasoning(String text);

  /** Why it ended, what it cost, and the terminator if there is one. */
  abstract String end(FinishReason reason);

  /**
   * The body of an error.
   *
   * @param word the provider's own word for it
   */
  abstract String error(int status, @Nullable String word, String message);

  /** An error in the middle of a stream that was opened with 200. */
  String errorEvent(int status, @Nullable String word, String message) {
    return switch (this) {
      case RESPONSES, MESSAGES -> "event: error\ndata: " + error(status, word, message) + "\n\n";
      case CHAT, COMPATIBLE -> "data: " + error(status, word, message) + "\n\n";
      case CONTENT -> error(status, word, message) + "\n";
      case INTERACTIONS -> {
        JsonObject event = new JsonObject(error(status, word, message));
        yield data(event.put("event_type", "error"));
      }
    };
  }

  /** A whole answer in these pieces. */
  String answer(String... pieces) {
    StringBuilder answer = new StringBuilder(start());
    for (String piece : pieces) {
      answer.append(text(piece));
    }
    return answer.append(end(FinishReason.STOP)).toString();
  }

  private static String data(JsonObject data) {
    return "data: " + data.encode() + "\n\n";
  }

  private static String event(JsonObject data) {
    return "event: " + data.getString("type") + "\n" + data(data);
  }

  private static String openAiError(int status, @Nullable String word, String message) {
    JsonObject error = new JsonObject().put("message", message).put("type", "error");
    error.put("code", word == null ? status : word).putNull("param");
    return new JsonObject().put("error", error).encode();
  }

  private static JsonObject chatChunk() {
    return new JsonObject().put("id", ID).put("model", MODEL);
  }

  private static String chatStart() {
    return data(chatChunk().put("choices", new JsonArray())) + chatDelta("content", "");
  }

  private static String chatDelta(String name, String text) {
    JsonObject choice = new JsonObject().put("delta", new JsonObject().put(name, text));
    return data(chatChunk().put("choices", new JsonArray().add(choice.putNull("finish_reason"))));
  }

  private static String chatEnd(FinishReason reason) {
    String word =
        switch (reason) {
          case LENGTH -> "length";
          case CONTENT_FILTER -> "content_filter";
          default -> "stop";
        };
    JsonObject choice = new JsonObject().put("delta", new JsonObject()).put("finish_reason", word);
    JsonObject usage = new JsonObject().put("prompt_tokens", 16).put("completion_tokens", 9);
    usage.put("prompt_tokens_details", new JsonObject().put("cached_tokens", 4));
    usage.put("completion_tokens_details", new JsonObject().put("reasoning_tokens", 2));
    return data(chatChunk().put("choices", new JsonArray().add(choice)))
        + data(chatChunk().put("choices", new JsonArray()).put("usage", usage))
        + "data: [DONE]\n\n";
  }
}
