package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.IngestionStore.Job;
import lectern.library.document.Block;
import lectern.library.document.CanonicalText;
import lectern.library.document.Format;
import lectern.library.document.OutOfTime;
import lectern.library.document.ParsedDocument;
import lectern.library.document.Progress;
import lectern.library.document.Unreadable;
import lectern.net.GuardedClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes originals readable. Work is claimed from the database with a lease, by any node; parsing
 * happens on threads of its own; fragments, blocks and the new status are one transaction. It is
 * woken when something was brought in, and looks by itself every few seconds, so that neither a
 * lost wake-up nor a node that died loses a document.
 */
final class Ingestion {
  private static final Logger log = LoggerFactory.getLogger(Ingestion.class);

  /** How often a document at work says how far it is, in milliseconds. */
  private static final long TELLING = 2000;

  /** Words that become the title of a text that has none, in code points. */
  private static final int OPENING = 80;

  private final Database database;
  private final int workers;
  private final WorkerExecutor disk;
  private final Readers readers;
  private final Articles articles;
  private final Vertx vertx;
  private final Duration patience;
  private final Promise<Void> drained = Promise.promise();
  private int running;
  private boolean again;
  private boolean closing;

  Ingestion(Vertx vertx, Database database, GuardedClient client, LibrarySettings settings) {
    this.database = database;
    this.vertx = vertx;
    this.patience = settings.patience();
    this.workers = settings.workers();
    this.disk = vertx.createSharedWorkerExecutor("lectern-ingestion", workers);
    this.readers = new Readers(vertx, Readers.GRACE);
    this.articles = new Articles(vertx, database, client, readers, settings);
  }

  /** Looks for work until there is none. */
  void wake() {
    if (closing || running >= workers || !readers.mayBegin()) {
      again = true;
      return;
    }
    running++;
    IngestionStore.claim(database.pool())
        .compose(job -> job == null ? Future.succeededFuture(false) : work(job))
        .onFailure(failure -> log.error("ingestion.defect", failure))
        .otherwise(false)
        .onSuccess(this::done);
  }

  private void done(boolean worked) {
    running--;
    boolean more = worked || again;
    again = false;
    if (closing && running == 0) {
      drained.tryComplete();
    } else if (more && !closing) {
      wake();
    }
  }

  /** What no wake-up is sent for: documents of nodes that died, and files nobody finished. */
  Future<Void> sweep() {
    wake();
    return IngestionStore.markExhausted(database.pool())
        .compose(done -> UploadStore.deleteAbandoned(database.pool()))
        .mapEmpty();
  }

  private Future<Boolean> work(Job job) {
    wake();
    String address = job.address();
    Future<Boolean> worked =
        address == null
            ? readFile(job)
            : articles.bringIn(
                job, address, this::readFile, (sql, document) -> store(sql, job, document));
    return worked.recover(failure -> fail(job, failure));
  }

  private Future<Boolean> readFile(Job job) {
    return Spool.of(disk, database.pool(), job.media())
        .compose(spool -> parse(job, spool).eventually(spool::close))
        .compose(parsed -> database.transaction(sql -> store(sql, job, parsed)));
  }

  private Future<ParsedDocument> parse(Job job, Spool spool) {
    Format format = Format.of("", job.contentType());
    Progress progress = new Progress(patience);
    long timer = vertx.setPeriodic(TELLING, id -> tell(job, progress));
    Future<ParsedDocument> parsed =
        format == Format.HTML
            ? articles.read(job, spool.file(), progress)
            : readers.read(progress, () -> ParsedDocument.read(spool.file(), format, progress));
    return parsed.onComplete(done -> vertx.cancelTimer(timer));
  }

  private void tell(Job job, Progress progress) {
    if (progress.percent() >= 0) {
      IngestionStore.markReached(database.pool(), job, progress.percent())
          .onFailure(failure -> log.warn("ingestion.progress media={}", job.media(), failure));
    }
  }

  private static Future<Boolean> store(SqlClient sql, Job job, ParsedDocument parsed) {
    return IngestionStore.markReady(sql, job, title(job, parsed), parsed)
        .compose(
            mine ->
                mine ? insert(sql, job.media(), parsed).map(true) : Future.succeededFuture(true));
  }

  private static Future<Void> insert(SqlClient sql, UUID media, ParsedDocument parsed) {
    return FragmentStore.insert(sql, media, parsed.parts())
        .compose(done -> FragmentStore.insertOutline(sql, media, parsed.outline()))
        .compose(done -> ImageStore.insert(sql, media, parsed.pictures()));
  }

  private Future<Boolean> fail(Job job, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return IngestionStore.markFailed(
              database.pool(), job, refusal.code().name(), refusal.sentence())
          .map(true);
    }
    if (failure instanceof Unreadable unreadable) {
      Code code = failure instanceof OutOfTime ? Code.E_INGEST_TIMEOUT : Code.E_INVALID_FILE_TYPE;
      return IngestionStore.markFailed(database.pool(), job, code.name(), unreadable.sentence())
          .map(true);
    }
    log.error("ingestion.failed media={} attempt={}", job.media(), job.attempt(), failure);
    return IngestionStore.markFailed(
            database.pool(), job, Code.E_INGEST_FAILED.name(), "This document could not be read.")
        .map(true);
  }

  /** The reader's title, else the document's own, else its file's name or its first words. */
  static String title(Job job, ParsedDocument parsed) {
    boolean named = job.address() == null && !job.title().equals(job.filename());
    if (named) {
      return job.title();
    }
    if (!parsed.title().isEmpty()) {
      return parsed.title();
    }
    if (job.address() != null) {
      return job.title();
    }
    return job.filename().equals(Original.PASTED)
        ? opening(parsed.parts().getFirst().text())
        : job.filename().replaceFirst("(?<=.)\\.[A-Za-z]{1,8}$", "");
  }

  private static String opening(CanonicalText text) {
    Block first = text.blocks().getFirst();
    String line = ParsedDocument.shortened(text.slice(first));
    if (line.codePointCount(0, line.length()) <= OPENING) {
      return line;
    }
    String cut = line.substring(0, line.offsetByCodePoints(0, OPENING));
    int space = cut.lastIndexOf(' ');
    return (space > OPENING / 2 ? cut.substring(0, space) : cut) + "…";
  }

  /** Begins nothing more, and waits for what is being parsed. */
  Future<Void> close() {
    closing = true;
    if (running == 0) {
      drained.tryComplete();
    }
    return drained.future().eventually(disk::close);
  }
}
