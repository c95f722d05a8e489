package lectern.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The recorded-like streams under {@code src/test/resources/llm}, and the calls that go with them.
 */
final class Wire {
  private Wire() {}

  static byte[] sample(String name) {
    try (InputStream in = Wire.class.getResourceAsStream("/llm/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Call call(Connection connection) {
    return new Call(connection, model(), prompt("What is light?"), new Limits(512));
  }

  static ModelSpec model() {
    return new ModelSpec("openai", "gpt-test", "Test", 8192, 1024, Set.of(), List.of());
  }

  static Prompt prompt(String question) {
    return new Prompt(
        "v1",
        "Answer from the passages.",
        List.of(new Prompt.Passage("Optics", null, "Light is a wave. Glass is a solid.")),
        List.of(new Prompt.Turn(Prompt.Role.USER, question)));
  }
}
