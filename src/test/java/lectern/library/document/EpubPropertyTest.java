package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jsoup.Jsoup;

class EpubPropertyTest {

  @Property(tries = 300)
  void bytes_gone_wrong_end_in_a_book_or_a_sentence(@ForAll @Size(8) List<Integer> noise) {
    byte[] bytes = new TestingEpub().chapter("a", "<h1>One</h1><p>The first.</p>").bytes();
    for (int at : noise) {
      bytes[Math.floorMod(at, bytes.length)] = (byte) (at >> 8);
    }
    try {
      assertThat(TestingEpub.read(bytes).parts()).isNotEmpty();
    } catch (Unreadable e) {
      assertThat(e.sentence()).isNotBlank();
    }
  }

  @Property(tries = 200)
  void a_link_leads_to_the_word_it_names(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 9) Integer> shapes) {
    StringBuilder body = new StringBuilder();
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < shapes.size(); i++) {
      body.append(shape(shapes.get(i), "id='p" + i + "'", "word" + i + "."));
      links.append("<a href='b#p").append(i).append("'>x</a> ");
    }
    ParsedDocument book =
        new TestingEpub().chapter("a", "<p>" + links + "</p>").chapter("b", body.toString()).read();

    String text = book.parts().getLast().text().text();
    List<String> hrefs =
        Jsoup.parse(book.parts().getFirst().text().html()).select("a").eachAttr("href");
    assertThat(hrefs).hasSize(shapes.size());
    for (int i = 0; i < shapes.size(); i++) {
      String[] place = hrefs.get(i).split("-");
      int offset = place.length == 3 ? Integer.parseInt(place[2]) : 0;
      assertThat(text.substring(text.offsetByCodePoints(0, offset)).stripLeading())
          .startsWith("word" + i + ".");
    }
  }

  private static String shape(int shape, String id, String word) {
    return switch (shape) {
      case 0 -> "<p %s>%s</p>".formatted(id, word);
      case 1 -> "<p>\ud835\udcb3e\u0301 <span %s>%s</span></p>".formatted(id, word);
      case 2 -> "<div %s><p></p><ul><li>%s</li></ul></div>".formatted(id, word);
      case 3 -> "<a %s/><h2>%s</h2>".formatted(id, word);
      case 4 -> "<table><tr><td>a</td><td %s>%s</td></tr></table>".formatted(id, word);
      case 5 -> "<p>one<br/><b %s>%s</b></p>".formatted(id, word);
      case 6 -> "<pre>  x\n<i %s>%s</i></pre>".formatted(id, word);
      case 7 -> "<section %s> <hr/> <blockquote>%s</blockquote></section>".formatted(id, word);
      case 8 -> "<p><a %s></a></p><p>%s</p>".formatted(id, word);
      default -> "loose <i> <b %s>%s</b></i>".formatted(id, word);
    };
  }
}
