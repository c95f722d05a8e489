package lectern.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import lectern.db.TestingDatabase;
import lectern.library.document.Format;
import lectern.library.document.TestingPictures;
import lectern.net.TestingSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents that would take very long, where a document may take a moment. */
@Timeout(60)
class SlowDocumentsTest {
  @RegisterExtension static final TestingDatabase DATABASE = new TestingDatabase();

  private static TestingLibrary library;
  private static TestingSite site;
  private static UUID ann;

  @BeforeAll
  static void open() {
    library = new TestingLibrary(DATABASE, Duration.ofMillis(400));
    site = TestingSite.start(library.vertx);
    ann = library.user();
  }

  @AfterAll
  static void close() {
    site.close();
    library.close();
  }

  private static void takesTooLong(String text, Format format) {
    Media slow = library.settled(ann, library.paste(ann, text, format).media().id());
    assertThat(slow.processingStatus()).isEqualTo("failed");
    assertThat(slow.lastErrorCode()).isEqualTo("E_INGEST_TIMEOUT");
    assertThat(slow.lastErrorMessage()).isEqualTo("This document takes too long to read.");
    assertThat(
            library
                .read(ann, "The next one, after " + UUID.randomUUID(), Format.TEXT)
                .canonicalText())
        .startsWith("The next one");
  }

  @Test
  void tables_in_tables_end_with_a_sentence() {
    takesTooLong("<table><tr><td>".repeat(19_000) + "x".repeat(100), Format.HTML);
  }

  @Test
  void marks_of_markdown_end_with_a_sentence() {
    takesTooLong("a\n-\n".repeat(400_000), Format.MARKDOWN);
  }

  @Test
  void a_picture_ends_with_a_sentence() {
    site.serves("/layers.jpg", "image/jpeg", TestingPictures.layered(5_000, 5_000, 4 << 20));
    takesTooLong("<p>Seen.</p><img src='" + site.url("/layers.jpg") + "'>", Format.HTML);
    assertThat(site.asked("/layers.jpg")).isEqualTo(1);
  }

  @Test
  void many_at_once_end_and_the_next_is_read() {
    String slow = "a\n-\n".repeat(400_000);
    UUID[] ids = new UUID[6];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = library.paste(ann, slow + i, Format.MARKDOWN).media().id();
    }
    for (UUID id : ids) {
      assertThat(library.settled(ann, id).processingStatus()).isEqualTo("failed");
    }
    assertThat(library.read(ann, "Still here", Format.TEXT).canonicalText())
        .isEqualTo("Still here");
  }
}
