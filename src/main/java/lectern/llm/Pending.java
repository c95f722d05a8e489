package lectern.llm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said and not yet passed on. Neighbouring pieces of one kind grow into one, so a slow
 * owner gets fewer and larger batches, not more of them.
 */
final class Pending {
  /**
   * Past this many characters the provider has to wait: about twenty pages, seconds of a fast
   * model.
   */
  static final int FULL = 64 * 1024;

  private final List<Delta> whole = new ArrayList<>();
  private final StringBuilder growing = new StringBuilder();
  private @Nullable Delta kind;
  private int characters;

  void add(Delta delta) {
    if (kind == null || kind.getClass() != delta.getClass()) {
      close();
      kind = delta.with("");
    }
    growing.append(delta.text());
    characters += delta.text().length();
  }

  boolean isEmpty() {
    return characters == 0;
  }

  boolean isFull() {
    return characters > FULL;
  }

  /** Everything so far, which is then no longer here. */
  List<Delta> take() {
    close();
    List<Delta> taken = List.copyOf(whole);
    whole.clear();
    characters = 0;
    return taken;
  }

  private void close() {
    if (kind != null) {
      whole.add(kind.with(growing.toString()));
      growing.setLength(0);
      kind = null;
    }
  }
}
