package lectern.library.document.pdf;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lectern.library.document.Characters;
import org.jspecify.annotations.Nullable;

/**
 * One code point of a line and where it stands.
 *
 * @param box null where nothing is drawn
 * @param breaks a hyphen at the end of a line, which may be there for the break alone
 */
record Letter(int code, @Nullable Box box, boolean breaks) {

  Letter(int code, @Nullable Box box) {
    this(code, box, false);
  }

  /** The same, as a hyphen at the end of its line. */
  Letter breaking() {
    return new Letter(code, box, true);
  }

  boolean isSpace() {
    return Characters.isSpace(code);
  }

  /** The same, where it is a space as the plainest of spaces. */
  Letter plainSpace() {
    return isSpace() && code != '\n' ? new Letter(' ', box) : this;
  }

  /** The code points of a glyph: ligatures unfolded, each with its share of the width. */
  static List<Letter> of(Glyph glyph) {
    int[] codes =
        unfolded(glyph.text())
            .codePoints()
            .map(Characters::whole)
            .filter(c -> !Character.isISOControl(c) && c != 0xFEFF)
            .toArray();
    if (codes.length == 1) {
      return List.of(new Letter(codes[0], glyph.box()));
    }
    List<Letter> letters = new ArrayList<>(codes.length);
    for (int i = 0; i < codes.length; i++) {
      float from = (float) i / codes.length;
      float to = (float) (i + 1) / codes.length;
      letters.add(new Letter(codes[i], glyph.box().part(glyph.direction(), from, to)));
    }
    return letters;
  }

  /** Latin and Armenian ligatures and the shapes of Arabic letters are how a text looks only. */
  private static String unfolded(String text) {
    return text.codePoints().anyMatch(Letter::isShape)
        ? text.codePoints()
            .mapToObj(
                c ->
                    isShape(c)
                        ? Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC)
                        : Character.toString(c))
            .collect(Collectors.joining())
        : text;
  }

  private static boolean isShape(int c) {
    return (c >= 0xFB00 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
  }

  /** The same in Normalisation Form C; a letter and its accents become one, and so do its boxes. */
  static List<Letter> normalised(List<Letter> letters) {
    List<Letter> out = new ArrayList<>(letters.size());
    for (int i = 0; i < letters.size(); ) {
      int end = i + 1;
      while (end < letters.size() && Characters.joinsBackwards(letters.get(end).code())) {
        end++;
      }
      if (end == i + 1 && isPlain(letters.get(i).code())) {
        out.add(letters.get(i));
      } else {
        compose(letters.subList(i, end), out);
      }
      i = end;
    }
    return out;
  }

  private static boolean isPlain(int c) {
    return c < 0x300 || Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFC);
  }

  private static void compose(List<Letter> group, List<Letter> out) {
    Normalizer.normalize(text(group), Normalizer.Form.NFC)
        .codePoints()
        .forEach(c -> out.add(new Letter(c, around(group))));
  }

  static @Nullable Box around(List<Letter> letters) {
    Box box = null;
    for (Letter letter : letters) {
      Box next = letter.box();
      box = box == null ? next : next == null ? box : box.with(next);
    }
    return box;
  }

  /** Where in their text, in UTF-16 units, letters stand that {@link #breaks}. */
  static Set<Integer> breaks(List<Letter> letters) {
    Set<Integer> breaks = new HashSet<>();
    int at = 0;
    for (Letter letter : letters) {
      if (letter.breaks()) {
        breaks.add(at);
      }
      at += Character.charCount(letter.code());
    }
    return Set.copyOf(breaks);
  }

  static String text(List<Letter> letters) {
    StringBuilder text = new StringBuilder(letters.size());
    letters.forEach(letter -> text.appendCodePoint(letter.code()));
    return text.toString();
  }
}
