package lectern;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import lectern.BenchClient.Reader;
import lectern.library.BareLibrary;
import lectern.reading.BareReading;

/**
 * What a reader's page asks again and again: the highlights of a document, a page of the library,
 * and which of many documents can be read; each against its own statements from a bare pool.
 */
final class ReadingBench {
  private static final int ROUNDS = 5;
  private static final int UNDER_WAY = 8;
  private static final int HIGHLIGHTS = 500;
  private static final int DOCUMENTS = 1_000;
  private static final int PAGE = 50;

  private final BenchServer on;
  private final Reader reader;
  private final BareReading reading;
  private final BareLibrary library;
  private final UUID marked;
  private final List<UUID> documents;

  private ReadingBench(BenchServer on) {
    this.on = on;
    this.reader = on.readers(1).getFirst();
    this.reading = new BareReading(on.pool);
    this.library = new BareLibrary(on.pool);
    fill();
    this.documents = on.ids("select id from media order by id");
    this.marked = documents.getFirst();
  }

  static void run(Path home) {
    try (BenchServer on = new BenchServer(home)) {
      new ReadingBench(on).compareAll();
    }
  }

  /** A library of a thousand documents, the first of them of 100,000 words with 500 highlights. */
  private void fill() {
    on.database.execute(
        """
        insert into media (kind, title, processing_status, created_by_user_id)
        select 'text', 'Document ' || n, 'ready_for_reading', '%1$s'
        from generate_series(1, %2$d) n
        """
            .formatted(reader.id(), DOCUMENTS),
        """
        insert into library_media (library_id, media_id, created_at)
        select l.id, m.id, now() - random() * interval '1 year'
        from library l, media m
        where l.owner_user_id = '%s' and l.is_default
        """
            .formatted(reader.id()),
        """
        insert into fragment (media_id, idx, html_sanitized, canonical_text, text_length)
        select id, 0, '<p data-o="0">…</p>', repeat('attention ', 100000), 1000000
        from media
        order by id
        limit 1
        """,
        """
        insert into highlight
          (user_id, fragment_id, start_offset, end_offset, color, exact, prefix, suffix)
        select '%s', f.id, n * 1000, n * 1000 + 200, 'yellow', repeat('attention ', 20),
          repeat('a', 64), repeat('b', 64)
        from fragment f, generate_series(0, %d) n
        """
            .formatted(reader.id(), HIGHLIGHTS - 1),
        "vacuum (analyze) media, library_media, fragment, highlight",
        "checkpoint");
  }

  private void compareAll() {
    Bench.say("%-38s %17s %17s %8s", "", "through HTTP", "bare statements", "");
    Bench.say(
        "%-38s %8s %8s %8s %8s %8s",
        "a second, and p50 in ms", "per s", "p50", "per s", "p50", "ratio");
    compare(
        HIGHLIGHTS + " highlights of a document",
        300,
        () -> get("/media/" + marked + "/highlights"),
        () -> reading.highlights(reader.id(), marked).map(found -> expect(HIGHLIGHTS, found)));
    compare(
        PAGE + " of " + DOCUMENTS + " documents",
        300,
        () -> get("/media?limit=" + PAGE),
        () -> library.page(reader.id(), PAGE).map(found -> expect(PAGE, found)));
    compareBulk();
  }

  private void compareBulk() {
    List<Sample> bulk = new ArrayList<>();
    List<Sample> single = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      bulk.add(
          load(
              200,
              1,
              () ->
                  library
                      .readable(reader.id(), documents)
                      .map(found -> expect(DOCUMENTS, Math.toIntExact(found)))));
      single.add(load(1_000, 1, () -> library.readable(reader.id(), marked)));
    }
    double one = Sample.median(bulk, sample -> sample.millis(0.5));
    double each = Sample.median(single, sample -> sample.millis(0.5));
    Bench.say(
        "readability of %d ids in one query: %.2f ms; of one id: %.2f ms (%.0f times cheaper than one by one)",
        DOCUMENTS, one, each, DOCUMENTS * each / one);
  }

  private interface Asking {
    Future<?> ask();
  }

  private void compare(String name, int times, Asking http, Asking bare) {
    load(times, UNDER_WAY, http);
    load(times, UNDER_WAY, bare);
    List<Sample> ours = new ArrayList<>();
    List<Sample> limit = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ours.add(load(times, UNDER_WAY, http));
      limit.add(load(times, UNDER_WAY, bare));
    }
    double our = Sample.median(ours, Sample::perSecond);
    double most = Sample.median(limit, Sample::perSecond);
    Bench.say(
        "%-38s %8.0f %8.2f %8.0f %8.2f %7.0f%%",
        name,
        our,
        Sample.median(ours, sample -> sample.millis(0.5)),
        most,
        Sample.median(limit, sample -> sample.millis(0.5)),
        100 * our / most);
  }

  private Sample load(int times, int underWay, Asking asking) {
    return Load.run(on.vertx, times, underWay, (_, _) -> asking.ask());
  }

  private Future<Void> get(String path) {
    return on.client.get(reader, path);
  }

  private static int expect(int number, int found) {
    if (number != found) {
      throw new IllegalStateException("found " + found + " instead of " + number);
    }
    return found;
  }
}
