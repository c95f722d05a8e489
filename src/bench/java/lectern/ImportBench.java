package lectern;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import lectern.BenchClient.Reader;
import lectern.library.document.TestingEpub;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;

/**
 * A book of 100,000 words, from the first byte uploaded until it is readable, as an EPUB and as one
 * HTML page, against unpacking and parsing it with the bare libraries; then its fragments, read a
 * thousand at a time, against the same statement from a bare pool.
 */
final class ImportBench {
  private static final int ROUNDS = 5;
  private static final int CHAPTERS = 40;
  private static final int PARAGRAPHS = 50;
  private static final int WORDS = 50;

  /** Different words there are; a book of this length uses some 10,000 of them. */
  private static final int VOCABULARY = 20_000;

  private static final int READS = 1_000;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final String FIND =
      """
      select id, media_id, idx, title, text_length, html_sanitized, canonical_text, created_at
      from fragment
      where id = $2 and can_read_media($1, media_id)
      """;

  private final BenchServer server;
  private final Reader reader;
  private final Random random = new Random(7);
  private final List<String> vocabulary;

  private ImportBench(BenchServer server) {
    this.server = server;
    this.reader = server.readers(1).getFirst();
    this.vocabulary = Stream.generate(this::letters).limit(VOCABULARY).toList();
  }

  static void run(Path home) {
    try (BenchServer server = new BenchServer(home)) {
      new ImportBench(server).measure();
    }
  }

  private void measure() {
    Bench.say(
        "%-8s %9s %10s %10s %8s %14s %10s",
        "import", "file, kB", "ready, ms", "bare, ms", "ratio", "live heap, MB", "x file");
    String epub = say("epub", "book.epub", this::epub);
    say("html", "book.html", this::html);
    reads(epub);
  }

  private interface Book {
    byte[] bytes(int round);
  }

  /** The last document made. */
  private String say(String name, String filename, Book book) {
    List<Double> ready = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    List<Double> heap = new ArrayList<>();
    String media = "";
    int size = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = book.bytes(round);
      size = bytes.length;
      bare.add(millis(() -> bareParse(filename, bytes)));
      String[] made = new String[1];
      ready.add(millis(() -> made[0] = imported(filename, bytes)));
      media = made[0];
      heap.add(liveHeap(() -> imported(filename, book.bytes(ROUNDS + 1))) / 1e6);
    }
    Bench.say(
        "%-8s %9d %10.0f %10.0f %7.1fx %14.0f %9.0fx   (rounds %s)",
        name,
        size / 1000,
        middle(ready),
        middle(bare),
        middle(ready) / middle(bare),
        Collections.max(heap),
        Collections.max(heap) * 1e6 / size,
        ready.stream().map(each -> "%.0f".formatted(each)).toList());
    return media;
  }

  private static double middle(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }

  private static double millis(Runnable work) {
    long from = System.nanoTime();
    work.run();
    return (System.nanoTime() - from) / 1e6;
  }

  private byte[] epub(int round) {
    TestingEpub book = new TestingEpub().metadata("<dc:title>Round " + round + "</dc:title>");
    for (int i = 0; i < CHAPTERS; i++) {
      book.chapter("chapter" + i + ".xhtml", chapter(i));
    }
    return book.bytes();
  }

  private byte[] html(int round) {
    StringBuilder page = new StringBuilder("<title>Round " + round + "</title>");
    for (int i = 0; i < CHAPTERS; i++) {
      page.append(chapter(i));
    }
    return page.toString().getBytes(UTF_8);
  }

  private String chapter(int number) {
    StringBuilder chapter = new StringBuilder("<h1 id='top'>Chapter " + number + "</h1>");
    for (int i = 0; i < PARAGRAPHS; i++) {
      chapter.append("<p>");
      for (int j = 0; j < WORDS; j++) {
        chapter.append(j % 10 == 9 ? "<i>" + word() + "</i> " : word() + " ");
      }
      chapter.append("<a href='#top'>up</a>.</p>\n");
    }
    return chapter.toString();
  }

  /** The second word half as often as the first, the third a third as often: as in books. */
  private String word() {
    return vocabulary.get((int) Math.pow(VOCABULARY, random.nextDouble()) - 1);
  }

  private String letters() {
    return random
        .ints(2 + random.nextInt(8), 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** What the libraries alone take: every entry unpacked, every page parsed and cut to its text. */
  private static void bareParse(String filename, byte[] bytes) {
    int length = 0;
    if (filename.endsWith(".html")) {
      length = Jsoup.parse(new String(bytes, UTF_8)).body().text().length();
    } else {
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          String text = new String(zip.readAllBytes(), UTF_8);
          length += entry.getName().endsWith(".xhtml") ? bareText(text).length() : 0;
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    if (length < CHAPTERS * PARAGRAPHS * WORDS * 3) {
      throw new IllegalStateException("The bare libraries read " + length + " characters only");
    }
  }

  /** As XML, since an HTML parser takes the rest of XHTML for the inside of an empty title. */
  private static String bareText(String xhtml) {
    return Jsoup.parse(xhtml, "", Parser.xmlParser()).text();
  }

  private String imported(String filename, byte[] bytes) {
    JsonObject media =
        answer(() -> server.client.upload(reader, filename, Buffer.buffer(bytes)))
            .getJsonObject("data")
            .getJsonObject("media");
    String id = media.getString("id");
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!media.getString("processing_status").equals("ready_for_reading")) {
      if (media.getString("processing_status").equals("failed") || System.nanoTime() > deadline) {
        throw new IllegalStateException("The book did not become readable: " + media);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      media = answer(() -> server.client.find(reader, "/media/" + id)).getJsonObject("data");
    }
    return id;
  }

  /** Asked on an event loop: elsewhere a body could have come and gone before it is asked for. */
  private JsonObject answer(Supplier<Future<JsonObject>> question) {
    Promise<JsonObject> answer = Promise.promise();
    server.vertx.runOnContext(_ -> question.get().onComplete(answer));
    return Parts.await(answer.future());
  }

  /**
   * What is alive at most while the work is done, above what was alive before: the whole heap is
   * collected again and again meanwhile, half of the time, and garbage does not count.
   */
  private static long liveHeap(Runnable work) {
    long before = collectedHeap();
    AtomicLong most = new AtomicLong(before);
    AtomicBoolean over = new AtomicBoolean();
    Thread collector =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    long from = System.nanoTime();
                    most.accumulateAndGet(collectedHeap(), Math::max);
                    LockSupport.parkNanos(System.nanoTime() - from);
                  }
                });
    try {
      work.run();
    } finally {
      over.set(true);
      join(collector);
    }
    return most.get() - before;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long collectedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void reads(String media) {
    JsonArray listed =
        answer(() -> server.client.find(reader, "/media/" + media + "/fragments?content=false"))
            .getJsonArray("data");
    List<String> ids =
        listed.stream().map(JsonObject.class::cast).map(each -> each.getString("id")).toList();
    List<Sample> http = new ArrayList<>();
    List<Sample> bare = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      http.add(
          Load.run(
              server.vertx,
              READS,
              READS,
              (_, number) ->
                  server.client.get(reader, "/fragments/" + ids.get(number % ids.size()))));
      bare.add(
          Load.run(
              server.vertx,
              READS,
              READS,
              (_, number) ->
                  server
                      .pool
                      .preparedQuery(FIND)
                      .execute(
                          Tuple.of(reader.id(), UUID.fromString(ids.get(number % ids.size()))))));
    }
    double through = Sample.median(http, Sample::perSecond);
    double statements = Sample.median(bare, Sample::perSecond);
    Bench.say("%n%-28s %12s %12s %8s", "1,000 fragment reads at once", "a second", "bare", "ratio");
    Bench.say(
        "%-28s %12.0f %12.0f %7.0f%%   (rounds %s and %s)",
        "of " + ids.size() + " fragments",
        through,
        statements,
        100 * through / statements,
        Sample.spread(http, Sample::perSecond),
        Sample.spread(bare, Sample::perSecond));
  }
}
