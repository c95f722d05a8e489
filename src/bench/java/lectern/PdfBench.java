package lectern;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import lectern.BenchClient.Reader;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * Pages a second from the first byte of an upload until the document can be read, with layouts and
 * blocks stored; against PDFBox's own text stripper on the same bytes in the same process.
 */
final class PdfBench {
  private static final int ROUNDS = 5;
  private static final int PAGES = 300;
  private static final int LINES = 48;
  private static final int LOOK_MILLIS = 5;

  private final HttpClient http = HttpClient.newHttpClient();
  private final BenchServer server;
  private final Reader reader;

  private PdfBench(BenchServer server) {
    this.server = server;
    this.reader = server.readers(1).getFirst();
  }

  static void run(Path home) throws IOException {
    try (BenchServer server = new BenchServer(home)) {
      new PdfBench(server).measure();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private record Run(double pagesPerSecond, double peakMegabytes) {}

  private void measure() throws IOException, InterruptedException {
    for (int columns = 1; columns <= 2; columns++) {
      stripped(book(columns, 0));
      brought(book(columns, 0));
      List<Run> raw = new ArrayList<>();
      List<Run> whole = new ArrayList<>();
      int size = 0;
      for (int round = 1; round <= ROUNDS; round++) {
        byte[] book = book(columns, round);
        size = book.length;
        raw.add(stripped(book));
        whole.add(brought(book));
      }
      Bench.say("%d pages, columns: %d, %.1f MB", PAGES, columns, size / 1e6);
      double limit = say("PDFTextStripper", raw);
      double ours = say("through the server", whole);
      Bench.say("%-22s %8.0f %%", "ratio", 100 * ours / limit);
    }
  }

  private static double say(String name, List<Run> runs) {
    double middle = Sample.median(runs.stream().mapToDouble(Run::pagesPerSecond).toArray());
    double peak = runs.stream().mapToDouble(Run::peakMegabytes).max().orElse(0);
    Bench.say(
        "%-22s %8.0f pages/s   peak heap %.0f MB   (rounds %s)",
        name,
        middle,
        peak,
        runs.stream().map(run -> "%.0f".formatted(run.pagesPerSecond())).toList());
    return middle;
  }

  private static Run stripped(byte[] book) throws IOException {
    forget();
    long began = System.nanoTime();
    try (PDDocument document = Loader.loadPDF(book)) {
      if (new PDFTextStripper().getText(document).length() < PAGES * 1_000) {
        throw new IllegalStateException("The stripper found too little");
      }
    }
    return run(began);
  }

  private Run brought(byte[] book) throws IOException, InterruptedException {
    forget();
    long began = System.nanoTime();
    JsonObject media =
        ask(request("/media/upload?filename=book.pdf").POST(BodyPublishers.ofByteArray(book)))
            .getJsonObject("media");
    String id = media.getString("id");
    while (!media.getString("processing_status").startsWith("ready")) {
      if (media.getString("processing_status").equals("failed")) {
        throw new IllegalStateException(media.encode());
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      media = ask(request("/media/" + id));
    }
    Run run = run(began);
    long layouts =
        Parts.await(
            server
                .pool
                .preparedQuery(
                    "select count(*) as n from fragment f join fragment_layout l"
                        + " on l.fragment_id = f.id where f.media_id = $1")
                .execute(io.vertx.sqlclient.Tuple.of(java.util.UUID.fromString(id)))
                .map(rows -> rows.iterator().next().getLong("n")));
    if (layouts != PAGES) {
      throw new IllegalStateException(layouts + " layouts are stored");
    }
    return run;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + reader.port() + path))
        .header("Authorization", "Bearer " + reader.token());
  }

  private JsonObject ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    String body = http.send(request.build(), BodyHandlers.ofString()).body();
    JsonObject data = new JsonObject(body).getJsonObject("data");
    if (data == null) {
      throw new IllegalStateException(body);
    }
    return data;
  }

  private static Run run(long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    long peak = heaps().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return new Run(PAGES / seconds, peak / 1e6);
  }

  private static void forget() {
    System.gc();
    heaps().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static List<MemoryPoolMXBean> heaps() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  /** A book of made-up words, another one for each seed. */
  private static byte[] book(int columns, int seed) throws IOException {
    Random random = new Random(31L * columns + seed);
    PDFont font = new PDType1Font(FontName.TIMES_ROMAN);
    try (PDDocument document = new PDDocument()) {
      for (int i = 0; i < PAGES; i++) {
        PDPage page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        try (PDPageContentStream to = new PDPageContentStream(document, page)) {
          for (int line = 0; line < LINES * columns; line++) {
            to.beginText();
            to.setFont(font, 10);
            to.newLineAtOffset(72 + line % columns * 240, 760 - (float) (line / columns) * 14);
            to.showText(line(random, columns == 1 ? 88 : 42));
            to.endText();
          }
        }
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  private static String line(Random random, int length) {
    StringBuilder line = new StringBuilder();
    while (line.length() < length) {
      for (int i = 2 + random.nextInt(8); i > 0; i--) {
        line.append((char) ('a' + random.nextInt(26)));
      }
      line.append(' ');
    }
    return line.toString().strip();
  }
}
