package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, https://api.openai.com/v1/chat/completions",
    "https://api.openai.com/v1/, https://api.openai.com/v1/chat/completions",
    "http://127.0.0.1:11434, http://127.0.0.1:11434/v1/chat/completions",
    "http://127.0.0.1:11434/, http://127.0.0.1:11434/v1/chat/completions",
    "https://openrouter.ai/api/v1, https://openrouter.ai/api/v1/chat/completions"
  })
  void a_path_is_put_below_the_base_url(String base, String whole) {
    assertThat(connection(base).at("chat/completions")).hasToString(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/v1",
        "/v1",
        "https:///v1",
        "https://user@host/v1",
        "https://host/v1?a=b"
      })
  void what_is_no_base_url_is_refused(String base) {
    assertThatThrownBy(() -> connection(base)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_connection_does_not_show_its_key() {
    assertThat(connection("https://host/v1").toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sk canary", "sk-canary\n", "sk-kä"})
  void what_cannot_stand_in_a_header_is_no_key_and_is_not_repeated(String key) {
    assertThatThrownBy(() -> new Secret(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }

  private static Connection connection(String base) {
    return new Connection(
        "openai", Dialect.OPENAI_CHAT, URI.create(base), new Secret("sk-canary"), Patience.HOSTED);
  }
}
