package lectern.conversation;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import lectern.llm.ModelSpec;
import lectern.llm.Target;
import lectern.models.Model;
import lectern.models.Pick.Way;

/** Models that no server has, for what is worked out from a model's numbers. */
final class TestingModels {
  private TestingModels() {}

  /** Reads this much and may write as much. */
  static Model of(UUID id, int window) {
    return new Model(
        id,
        "openai",
        "gpt-test",
        "Test",
        null,
        window,
        window,
        Set.of(),
        List.of(),
        List.of(),
        null,
        true,
        null);
  }

  static Admitted admitted(Send send, Model model, String keyMode, List<Quoted> quoted) {
    ModelSpec spec =
        new ModelSpec(
            model.provider(),
            model.modelName(),
            model.displayName(),
            model.maxContextTokens(),
            model.maxOutputTokens(),
            Set.of(),
            List.of());
    List<Way> ways = List.of(new Way(new Target(spec, null, null), keyMode, null));
    return new Admitted(
        send, send.content(), model, ways, quoted, Prompts.render(quoted, send.content()), 0, null);
  }
}
