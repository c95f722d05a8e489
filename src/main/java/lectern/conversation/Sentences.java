package lectern.conversation;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import lectern.bus.Code;
import lectern.llm.LlmFailure;

/** What a reader is told about an answer that failed, by the code stored with it. */
final class Sentences {
  private static final String UNEXPECTED = "Something unexpected went wrong. Try again.";

  private static final Map<String, String> BY_CODE =
      Arrays.stream(LlmFailure.Kind.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  kind -> LlmFailure.of(kind).code().name(),
                  kind -> LlmFailure.of(kind).sentence(),
                  (first, _) -> first));

  private Sentences() {}

  static String of(String code) {
    if (code.equals(Code.E_ORPHANED_PENDING.name())) {
      return "The server stopped while this answer was being written. Ask again.";
    }
    return BY_CODE.getOrDefault(code, UNEXPECTED);
  }
}
