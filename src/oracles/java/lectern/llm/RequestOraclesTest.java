package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.gaos.models.interactions.CreateModelInteraction;
import com.google.genai.gaos.utils.JSON;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.net.URI;
import java.util.List;
import lectern.bus.Json;
import lectern.llm.ModelSpec.How;
import org.junit.jupiter.api.Test;

/**
 * What is sent, read by the model classes of the providers' own libraries: every field is one they
 * know, and every value is one they allow.
 */
class RequestOraclesTest {
  /** These are parameters of the library's call, not of its classes for a body. */
  private static final List<String> STREAMED = List.of("stream");

  @Test
  void a_request_for_responses_is_one_of_openais_library() throws JsonProcessingException {
    ResponseCreateParams.Body body =
        com.openai.core.ObjectMappers.jsonMapper()
            .readValue(asked(Dialect.OPENAI_RESPONSES, How.EFFORT), ResponseCreateParams.Body.class)
            .validate();
    assertThat(body._additionalProperties().keySet()).isSubsetOf(STREAMED);
    assertThat(body.store()).contains(false);
    assertThat(body.maxOutputTokens()).contains(512L);
  }

  @Test
  void a_chat_completion_is_one_of_openais_library() throws JsonProcessingException {
    ChatCompletionCreateParams.Body body =
        com.openai.core.ObjectMappers.jsonMapper()
            .readValue(
                asked(Dialect.OPENAI_CHAT, How.EFFORT), ChatCompletionCreateParams.Body.class)
            .validate();
    assertThat(body._additionalProperties().keySet()).isSubsetOf(STREAMED);
    assertThat(body.messages()).hasSize(4);
  }

  @Test
  void a_message_is_one_of_anthropics_library() throws JsonProcessingException {
    MessageCreateParams.Body body =
        com.anthropic.core.ObjectMappers.jsonMapper()
            .readValue(asked(Dialect.ANTHROPIC, How.EFFORT), MessageCreateParams.Body.class)
            .validate();
    assertThat(body._additionalProperties().keySet()).isSubsetOf(STREAMED);
    assertThat(body.maxTokens()).isEqualTo(512);
    assertThat(body.messages()).hasSize(3);
  }

  @Test
  void what_gemini_is_asked_is_what_its_library_would_ask() throws JsonProcessingException {
    JsonNode asked = Json.mapper().readTree(asked(Dialect.GEMINI, How.LEVEL));
    String config = asked.path("generationConfig").toString();
    assertThat(Json.mapper().readTree(GenerateContentConfig.fromJson(config).toJson()))
        .isEqualTo(asked.path("generationConfig"));
    for (JsonNode content : asked.path("contents")) {
      assertThat(Json.mapper().readTree(Content.fromJson(content.toString()).toJson()))
          .isEqualTo(content);
    }
  }

  @Test
  void an_interaction_is_one_of_geminis_library() throws JsonProcessingException {
    String asked = asked(Dialect.GEMINI_INTERACTIONS, How.LEVEL);
    CreateModelInteraction read = JSON.getMapper().readValue(asked, CreateModelInteraction.class);
    JsonNode again = JSON.getMapper().valueToTree(read);
    JsonNode sent = Json.mapper().readTree(asked);
    for (String field : List.of("model", "input", "system_instruction", "store")) {
      assertThat(again.path(field)).as(field).isEqualTo(sent.path(field));
    }
    assertThat(again.path("generation_config").path("thinking_level").asText()).isEqualTo("low");
    assertThat(again.path("generation_config").path("max_output_tokens").asInt()).isEqualTo(512);
  }

  private static String asked(Dialect dialect, How how) {
    URI host = URI.create("https://host");
    Connection connection = new Connection("test", dialect, host, null, Patience.HOSTED);
    Call call = AdapterTest.call(connection, how);
    // The libraries list the models they know.
    return Adapter.of(dialect).question(call).body().toString().replace("model-test", "gpt-6-luna");
  }
}
