package lectern.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import lectern.db.TestingDatabase;
import lectern.library.document.Format;
import lectern.library.document.pdf.TestingPdf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IngestionTest {
  @RegisterExtension static final TestingDatabase DATABASE = new TestingDatabase();

  private static final LibrarySettings ONE_WORKER =
      new LibrarySettings(
          TestingLibrary.MAX_UPLOAD, 1, Duration.ofSeconds(30), Duration.ofMillis(500));

  @Test
  void a_document_that_takes_too_long_fails_with_a_sentence_and_the_next_one_is_read() {
    try (TestingLibrary library = new TestingLibrary(DATABASE, ONE_WORKER);
        TestingPdf slow = new TestingPdf()) {
      UUID ann = library.user();
      for (int page = 1; page <= 20; page++) {
        slow.commands("q Q ", 2_000_000).page();
      }
      UUID first = library.upload(ann, "slow.pdf", slow.bytes()).media().id();
      UUID second = library.paste(ann, "The next one is short.", Format.TEXT).media().id();

      Media read = library.settled(ann, second);
      Media failed = library.settled(ann, first);
      assertThat(failed.processingStatus()).isEqualTo("failed");
      assertThat(failed.lastErrorCode()).isEqualTo("E_INGEST_TIMEOUT");
      assertThat(failed.lastErrorMessage()).isEqualTo("This document takes too long to read.");
      assertThat(read.processingStatus()).isEqualTo("ready_for_reading");
    }
  }
}
