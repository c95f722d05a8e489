package lectern.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import lectern.bus.Code;
import lectern.bus.Refusal;

/** PostgreSQL text cannot hold U+0000, so a body that has one is refused before it gets there. */
final class NulCharacters {
  private NulCharacters() {}

  /**
   * The same tree, or a refusal. Walks without recursion: the tree is as deep as the client liked.
   */
  static <T> T refusedIn(T tree) {
    Deque<Object> left = new ArrayDeque<>();
    left.push(tree);
    while (!left.isEmpty()) {
      switch (left.pop()) {
        case String text when text.indexOf('\0') >= 0 ->
            throw new Refusal(
                Code.E_INVALID_REQUEST, "Text must not contain the character U+0000.");
        case Map<?, ?> map -> map.values().stream().filter(v -> v != null).forEach(left::push);
        case List<?> list -> list.stream().filter(v -> v != null).forEach(left::push);
        default -> {}
      }
    }
    return tree;
  }
}
