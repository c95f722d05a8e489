package lectern.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * Text that PostgreSQL cannot hold: U+0000, and one half of a surrogate pair, which JSON can spell
 * and UTF-8 cannot. What has either is refused before it gets there.
 */
final class Unstorable {
  private Unstorable() {}

  /**
   * The same tree, or a refusal. Walks without recursion: the tree is as deep as the client liked.
   */
  static <T> T refusedIn(T tree) {
    Deque<Object> left = new ArrayDeque<>();
    left.push(tree);
    while (!left.isEmpty()) {
      switch (left.pop()) {
        case String text -> check(text);
        case Map<?, ?> map -> map.values().stream().filter(v -> v != null).forEach(left::push);
        case List<?> list -> list.stream().filter(v -> v != null).forEach(left::push);
        default -> {}
      }
    }
    return tree;
  }

  private static void check(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Text must not contain the character U+0000.");
    }
    if (text.codePoints().anyMatch(Unstorable::isHalf)) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Text must not contain half a surrogate pair.");
    }
  }

  /** Whole pairs come as one code point beyond the range. */
  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
