package lectern.library;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.BroughtIn.FromUrl;
import lectern.library.BroughtIn.OpenSample;
import lectern.library.BroughtIn.Paste;
import lectern.library.Library.AddMedia;
import lectern.library.Library.Place;
import lectern.library.Library.RemoveMedia;
import lectern.library.document.Format;
import lectern.net.FetchFailure;
import lectern.net.Guard;
import lectern.net.GuardedClient;
import lectern.net.WebAddress;
import org.jspecify.annotations.Nullable;

/** Owns libraries, what they hold, and the making readable of what is brought in. */
public final class LibraryVerticle extends VerticleBase {
  private static final String SAMPLE = "/sample/the-reader-with-a-pencil.md";

  private final Bus bus;
  private final Database database;
  private final LibrarySettings settings;
  private final Originals originals;
  private final Guard guard;
  private @Nullable Ingestion ingestion;
  private @Nullable Uploads uploads;

  public LibraryVerticle(Bus bus, Database database, LibrarySettings settings, Guard guard) {
    this.guard = guard;
    this.bus = bus;
    this.database = database;
    this.settings = settings;
    this.originals = new Originals(database);
  }

  @Override
  public Future<?> start() {
    Ingestion work = new Ingestion(vertx, database, new GuardedClient(vertx, guard), settings);
    Uploads incoming = new Uploads(vertx, database, originals, settings);
    ingestion = work;
    uploads = incoming;
    vertx.setPeriodic(0, settings.sweep().toMillis(), id -> work.sweep());
    return Future.all(
        List.of(
            bus.answer(Library.ListOwn.ADDRESS, this::listLibraries),
            bus.answer(Library.Create.ADDRESS, this::create),
            bus.answer(Library.Find.ADDRESS, q -> LibraryStore.find(sql(), q.viewer(), q.id())),
            bus.answer(Library.Rename.ADDRESS, this::rename),
            bus.answer(Library.Delete.ADDRESS, this::delete),
            bus.answer(AddMedia.ADDRESS, this::addMedia),
            bus.answer(RemoveMedia.ADDRESS, this::removeMedia),
            bus.answer(Media.ListOwn.ADDRESS, this::listMedia),
            bus.answer(Media.Find.ADDRESS, q -> MediaStore.find(sql(), q.viewer(), q.id())),
            bus.answer(Media.Delete.ADDRESS, this::deleteMedia),
            bus.answer(StoredFile.Find.ADDRESS, this::findFile),
            bus.answer(StoredFile.FindChunk.ADDRESS, this::findChunk),
            bus.answer(Fragment.ListOf.ADDRESS, this::listFragments),
            bus.answer(Fragment.Find.ADDRESS, q -> FragmentStore.find(sql(), q.viewer(), q.id())),
            bus.answer(
                Image.Find.ADDRESS, q -> ImageStore.find(sql(), q.viewer(), q.mediaId(), q.name())),
            bus.answer(Fragment.Outline.ADDRESS, this::outline),
            bus.answer(Position.Find.ADDRESS, this::findPosition),
            bus.answer(Position.Put.ADDRESS, this::putPosition),
            bus.answer(Paste.ADDRESS, this::paste),
            bus.answer(FromUrl.ADDRESS, this::bringIn),
            bus.answer(Media.Retry.ADDRESS, this::retry),
            bus.answer(OpenSample.ADDRESS, this::openSample),
            bus.answer(Upload.Begin.ADDRESS, incoming::begin),
            incoming.listen(bus, this::wakeFor),
            new Members(bus, database).listen(),
            bus.answer(Media.Readable.ADDRESS, this::readable)));
  }

  @Override
  public Future<?> stop() {
    Future<Void> dropped = uploads == null ? Future.succeededFuture() : uploads.close();
    return dropped.eventually(
        () -> ingestion == null ? Future.succeededFuture() : ingestion.close());
  }

  private io.vertx.sqlclient.SqlClient sql() {
    return database.pool();
  }

  private Future<Library.Listing> listLibraries(Library.ListOwn list) {
    if (list.limit() < 1) {
      throw new Refusal(Code.E_INVALID_REQUEST, "A list has room for one library at least.");
    }
    int limit = Math.min(list.limit(), Library.ListOwn.MOST);
    return LibraryStore.list(sql(), list.viewer(), limit).map(Library.Listing::new);
  }

  private Future<Library> create(Library.Create create) {
    return LibraryStore.insert(sql(), create.viewer(), named(create.name()));
  }

  private Future<Library> rename(Library.Rename rename) {
    String name = named(rename.name());
    return database.transaction(
        tx ->
            LibraryStore.findLocked(tx, rename.viewer(), rename.id())
                .map(LibraryVerticle::administered)
                .map(LibraryVerticle::notDefault)
                .compose(found -> LibraryStore.rename(tx, rename.id(), name))
                .compose(done -> LibraryStore.find(tx, rename.viewer(), rename.id())));
  }

  private Future<Nothing> delete(Library.Delete delete) {
    return database.transaction(
        tx ->
            LibraryStore.findLocked(tx, delete.viewer(), delete.id())
                .map(LibraryVerticle::administered)
                .map(LibraryVerticle::notDefault)
                .compose(found -> LibraryStore.delete(tx, delete.id()))
                .map(Nothing.NOTHING));
  }

  private Future<Place> addMedia(AddMedia add) {
    return database.transaction(
        tx ->
            LibraryStore.findLocked(tx, add.viewer(), add.id())
                .map(LibraryVerticle::administered)
                .compose(found -> MediaStore.find(tx, add.viewer(), add.mediaId()))
                .compose(media -> LibraryStore.put(tx, add.id(), add.mediaId())));
  }

  private Future<Nothing> removeMedia(RemoveMedia remove) {
    UUID media = remove.mediaId();
    return database.transaction(
        tx ->
            LibraryStore.findLocked(tx, remove.viewer(), remove.id())
                .map(LibraryVerticle::administered)
                .compose(
                    found ->
                        LibraryStore.takeOut(tx, remove.id(), media)
                            .compose(
                                done ->
                                    found.isDefault()
                                        ? LibraryStore.takeOutOfOwn(tx, remove.viewer(), media)
                                        : Future.succeededFuture()))
                .compose(done -> MediaStore.deleteUnheld(tx, media))
                .map(Nothing.NOTHING));
  }

  private Future<Media.Listing> listMedia(Media.ListOwn list) {
    Future<?> seen =
        list.libraryId() == null
            ? Future.succeededFuture()
            : LibraryStore.find(sql(), list.viewer(), list.libraryId());
    return seen.compose(done -> MediaStore.list(sql(), list));
  }

  private Future<Media.Readability> readable(Media.Readable ask) {
    if (ask.ids().size() > Media.Readable.MOST) {
      throw new Refusal(
          Code.E_INVALID_REQUEST,
          "At most " + Media.Readable.MOST + " documents can be asked for at once.");
    }
    return MediaStore.readable(sql(), ask.viewer(), ask.ids()).map(Media.Readability::new);
  }

  private Future<Nothing> deleteMedia(Media.Delete delete) {
    return database.transaction(
        tx ->
            MediaStore.find(tx, delete.viewer(), delete.id())
                .compose(found -> MediaStore.letGo(tx, delete.viewer(), delete.id()))
                .compose(done -> MediaStore.deleteUnheld(tx, delete.id()))
                .map(Nothing.NOTHING));
  }

  private Future<StoredFile> findFile(StoredFile.Find find) {
    return UploadStore.findFile(sql(), find.viewer(), find.mediaId());
  }

  private Future<StoredFile.Chunk> findChunk(StoredFile.FindChunk find) {
    return UploadStore.findChunk(sql(), find.viewer(), find.mediaId(), find.idx());
  }

  private Future<Fragment.Listing> listFragments(Fragment.ListOf list) {
    return MediaStore.find(sql(), list.viewer(), list.mediaId())
        .compose(
            media ->
                FragmentStore.list(sql(), media.id(), list.limit(), list.cursor(), list.content()));
  }

  private Future<Fragment.Entries> outline(Fragment.Outline outline) {
    return MediaStore.find(sql(), outline.viewer(), outline.mediaId())
        .compose(media -> FragmentStore.outline(sql(), media.id()))
        .map(Fragment.Entries::new);
  }

  private Future<Position.Found> findPosition(Position.Find find) {
    return MediaStore.find(sql(), find.viewer(), find.mediaId())
        .compose(media -> MediaStore.findPosition(sql(), find.viewer(), media.id()))
        .map(Position.Found::new);
  }

  private Future<Position> putPosition(Position.Put put) {
    return MediaStore.putPosition(
        sql(), put.viewer(), put.mediaId(), put.fragmentId(), put.textOffset());
  }

  private Future<BroughtIn> paste(Paste paste) {
    String title = paste.title() == null ? "" : paste.title();
    Original original = Original.ofText(paste.viewer(), title, paste.format(), paste.libraryId());
    return originals.bringIn(original, paste.text()).onSuccess(this::wakeFor);
  }

  private Future<BroughtIn> bringIn(FromUrl from) {
    WebAddress address = wanted(from.url());
    return originals
        .bringIn(from.viewer(), from.url().strip(), address, from.libraryId())
        .onSuccess(this::wakeFor);
  }

  private WebAddress wanted(String url) {
    try {
      WebAddress address = WebAddress.parse(url);
      guard.check(address);
      return address;
    } catch (FetchFailure failure) {
      throw new Refusal(Code.E_INVALID_REQUEST, failure.sentence()).with("field", "url");
    }
  }

  private Future<Media> retry(Media.Retry retry) {
    return database
        .transaction(
            tx ->
                MediaStore.find(tx, retry.viewer(), retry.id())
                    .compose(seen -> WebStore.lockStanding(tx, retry.viewer(), retry.id()))
                    .map(LibraryVerticle::mayTryAgain)
                    .compose(
                        may -> WebStore.markPending(tx, retry.id(), IngestionStore.MOST_ATTEMPTS))
                    .compose(done -> MediaStore.find(tx, retry.viewer(), retry.id())))
        .onSuccess(
            media -> {
              if (ingestion != null) {
                ingestion.wake();
              }
            });
  }

  private static WebStore.Standing mayTryAgain(WebStore.Standing standing) {
    if (!standing.allowed()) {
      throw new Refusal(
          Code.E_FORBIDDEN, "Who brought this in, or administers its library, may try it again.");
    }
    if (!standing.status().equals("failed")) {
      throw new Refusal(Code.E_MEDIA_NOT_FAILED, "Nothing failed here that could be tried again.");
    }
    if (standing.attempts() >= IngestionStore.MOST_ATTEMPTS) {
      throw new Refusal(
          Code.E_MEDIA_NOT_FAILED, "This was tried so often that trying again is no use.");
    }
    return standing;
  }

  private Future<BroughtIn> openSample(OpenSample open) {
    Original original = Original.ofText(open.viewer(), "", Format.MARKDOWN, null);
    return originals.bringIn(original, sample()).onSuccess(this::wakeFor);
  }

  private void wakeFor(BroughtIn broughtIn) {
    if (ingestion != null && !broughtIn.duplicate()) {
      ingestion.wake();
    }
  }

  private static String sample() {
    try (InputStream text = LibraryVerticle.class.getResourceAsStream(SAMPLE)) {
      if (text == null) {
        throw new IllegalStateException("The program lacks its sample text");
      }
      return new String(text.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String named(String given) {
    String name = given.strip();
    if (name.isEmpty() || name.codePointCount(0, name.length()) > 100) {
      throw new Refusal(Code.E_NAME_INVALID, "A library's name has 1 to 100 characters.");
    }
    return name;
  }

  static Library administered(Library library) {
    if (library.role() != Role.ADMIN) {
      throw new Refusal(Code.E_FORBIDDEN, "Only an administrator of this library may do that.");
    }
    return library;
  }

  private static Library notDefault(Library library) {
    if (library.isDefault()) {
      throw new Refusal(
          Code.E_DEFAULT_LIBRARY_FORBIDDEN, "Your first library keeps its name and stays.");
    }
    return library;
  }
}
