package lectern.library;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.IngestionStore.Job;
import lectern.library.document.Article;
import lectern.library.document.Format;
import lectern.library.document.OutOfTime;
import lectern.library.document.ParsedDocument;
import lectern.library.document.Pictures;
import lectern.library.document.Progress;
import lectern.library.document.Unreadable;
import lectern.net.FetchFailure;
import lectern.net.Fetched;
import lectern.net.GuardedClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes readable what was brought in by its address. A page is fetched, its article taken out of
 * it, its pictures brought, and only then something is stored; the page itself is not kept. Any
 * other file becomes the document's original and is read as one that was uploaded.
 */
final class Articles {
  /** The share of the work, of a hundred, that is done when the page, and its pictures, came. */
  private static final int PAGE_CAME = 30;

  private static final int PICTURES_CAME = 90;

  private final Vertx vertx;
  private final Database database;
  private final GuardedClient client;
  private final Readers readers;
  private final LibrarySettings settings;
  private final Duration patience;

  Articles(
      Vertx vertx,
      Database database,
      GuardedClient client,
      Readers readers,
      LibrarySettings settings) {
    this.vertx = vertx;
    this.database = database;
    this.client = client;
    this.readers = readers;
    this.settings = settings;
    this.patience = settings.patience();
  }

  /**
   * Fetches and, where it is a page, stores it.
   *
   * @param file takes over where it is a file
   * @param store writes a document that was read, within a transaction
   */
  Future<Boolean> bringIn(
      Job job,
      String address,
      Function<Job, Future<Boolean>> file,
      BiFunction<SqlClient, ParsedDocument, Future<Boolean>> store) {
    return fetch(address)
        .compose(
            fetched ->
                WebPage.format(fetched) == Format.HTML
                    ? page(job, fetched, store)
                    : keep(job, fetched)
                        .compose(
                            kept -> kept == null ? Future.succeededFuture(true) : file.apply(kept)))
        .recover(failure -> Future.failedFuture(told(failure)));
  }

  private Future<Fetched> fetch(String address) {
    long most = Math.min(settings.maxUploadBytes(), LibrarySettings.MAX_EPUB_BYTES);
    return client
        .get(WebPage.fetch(address, most))
        .map(
            fetched -> {
              if (fetched.status() != 200) {
                throw WebPage.refusal(fetched.status());
              }
              return fetched;
            });
  }

  private static Throwable told(Throwable failure) {
    return switch (failure) {
      case FetchFailure known -> WebPage.refusal(known);
      case OutOfTime late -> new Refusal(Code.E_INGEST_TIMEOUT, late.sentence());
      case Unreadable none -> new Refusal(Code.E_INGEST_FAILED, none.sentence());
      default -> failure;
    };
  }

  private Future<Boolean> page(
      Job job, Fetched fetched, BiFunction<SqlClient, ParsedDocument, Future<Boolean>> store) {
    if (fetched.bytes().length > settings.maxBytes(Format.HTML)) {
      throw tooLarge();
    }
    Progress progress = new Progress(patience);
    return readers
        .read(
            progress,
            () ->
                Article.of(
                    fetched.bytes(), fetched.contentType(), fetched.address().toString(), progress))
        .compose(
            article -> {
              String canonical =
                  WebPage.canonical(fetched.address(), article.canonical()).toString();
              return merged(job, canonical)
                  .compose(
                      merged ->
                          merged
                              ? Future.succeededFuture(true)
                              : illustrated(job, article, progress)
                                  .compose(document -> store(job, canonical, document, store)));
            });
  }

  /** Reads a page that was uploaded or pasted, whose pictures may be elsewhere. */
  Future<ParsedDocument> read(Job job, SeekableByteChannel file, Progress progress) {
    return readers
        .read(progress, () -> Article.whole(file, progress))
        .compose(article -> illustrated(job, article, progress));
  }

  private Future<ParsedDocument> illustrated(Job job, Article article, Progress progress) {
    if (article.pictures().isEmpty()) {
      return readers.read(progress, () -> article.document(Map.of(), progress));
    }
    Telling telling = new Telling(job);
    Pictures pictures = new Pictures();
    telling.reached("fetching", PAGE_CAME);
    return PictureFetch.of(
            vertx,
            client,
            bytes -> readers.read(progress, () -> pictures.add(bytes, progress)),
            article.pictures(),
            PictureFetch.TOGETHER,
            percent ->
                telling.reached(
                    "fetching", PAGE_CAME + percent * (PICTURES_CAME - PAGE_CAME) / 100))
        .compose(
            brought -> {
              telling.reached("reading", PICTURES_CAME);
              return readers.read(progress, () -> article.document(brought, progress));
            });
  }

  /** Says how far the work is, for people, one word under way at a time. */
  private final class Telling {
    private final Job job;
    private boolean busy;

    Telling(Job job) {
      this.job = job;
    }

    void reached(String stage, int percent) {
      if (!busy) {
        busy = true;
        IngestionStore.markStage(database.pool(), job, stage, percent)
            .onComplete(_ -> busy = false);
      }
    }
  }

  private Future<Boolean> store(
      Job job,
      String canonical,
      ParsedDocument document,
      BiFunction<SqlClient, ParsedDocument, Future<Boolean>> store) {
    return database
        .transaction(
            sql ->
                WebStore.markCanonical(sql, job, canonical)
                    .compose(done -> store.apply(sql, document)))
        .recover(
            failure -> isSame(failure) ? merged(job, canonical) : Future.failedFuture(failure));
  }

  private static boolean isSame(Throwable failure) {
    return failure instanceof PgException refused
        && WebStore.SAME_ARTICLE.equals(refused.getConstraint());
  }

  /** Whether the article was there already; then it is in the libraries of this one. */
  private Future<Boolean> merged(Job job, String canonical) {
    return database.transaction(
        sql ->
            WebStore.lockSame(sql, canonical)
                .compose(
                    first ->
                        first == null || first.equals(job.media())
                            ? Future.succeededFuture(false)
                            : WebStore.merge(sql, job, first).map(true)));
  }

  /** Stores what was fetched as the document's original; null when there is nothing left to do. */
  private Future<@Nullable Job> keep(Job job, Fetched fetched) {
    Format format = WebPage.format(fetched);
    if (fetched.bytes().length > settings.maxBytes(format)) {
      throw tooLarge();
    }
    String name = ParsedDocument.shortened(WebPage.filename(fetched.address()));
    Original original =
        new Original(job.creator() == null ? job.media() : job.creator(), name, name, format, null);
    return Originals.adopt(database, job, original, fetched.bytes())
        .map(kept -> kept ? job.withFile(name, format.contentType()) : null);
  }

  private static Refusal tooLarge() {
    return new Refusal(Code.E_FILE_TOO_LARGE, "What is at this address is too large.");
  }
}
