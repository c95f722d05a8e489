package lectern.library;

import static lectern.db.TestingDatabase.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import lectern.bus.Address;
import lectern.bus.Bus;
import lectern.db.Database;
import lectern.db.TestingDatabase;
import lectern.library.BroughtIn.Paste;
import lectern.library.Upload.Begin;
import lectern.library.Upload.Chunk;
import lectern.library.Upload.Finish;
import lectern.library.document.Format;
import lectern.net.Guard;
import lectern.telemetry.Scope;

/** A library at work on a database of its own, asked over the bus only. */
public final class TestingLibrary implements AutoCloseable {
  /** Small, so that a test reaches it. */
  public static final int MAX_UPLOAD = 600_000;

  public final Vertx vertx;
  public final Bus bus;
  public final Database database;
  private final TestingDatabase testing;

  public TestingLibrary(TestingDatabase testing) {
    this(testing, Duration.ofMinutes(1));
  }

  /** Where reading a document may take so long. */
  TestingLibrary(TestingDatabase testing, Duration patience) {
    this(testing, new LibrarySettings(MAX_UPLOAD, 2, Duration.ofSeconds(30), patience));
  }

  TestingLibrary(TestingDatabase testing, LibrarySettings settings) {
    Scope.register();
    this.testing = testing;
    this.vertx = Vertx.vertx();
    this.bus = new Bus(vertx);
    this.database = testing.open(vertx);
    await(vertx.deployVerticle(new LibraryVerticle(bus, database, settings, Guard.of(true))));
  }

  public UUID user() {
    UUID id = UUID.randomUUID();
    testing.execute("insert into users (id) values ('" + id + "')");
    return id;
  }

  public <Q, A> A ask(Address<Q, A> address, Q question) {
    return await(bus.ask(address, question));
  }

  public BroughtIn paste(UUID viewer, String text, Format format) {
    return ask(Paste.ADDRESS, new Paste(viewer, null, text, format, null));
  }

  Upload begin(UUID viewer, String filename) {
    return ask(Begin.ADDRESS, new Begin(viewer, filename, "application/octet-stream", null));
  }

  BroughtIn upload(UUID viewer, String filename, byte[] bytes) {
    Upload upload = begin(viewer, filename);
    for (int i = 0; i * upload.chunkBytes() < bytes.length; i++) {
      int from = i * upload.chunkBytes();
      byte[] part =
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + upload.chunkBytes()));
      ask(upload.chunks(), new Chunk(upload.id(), i, part));
    }
    return ask(upload.finishes(), new Finish(upload.id()));
  }

  /** The document once nothing works on it any more; ten seconds at most. */
  public Media settled(UUID viewer, UUID id) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      Media media = ask(Media.Find.ADDRESS, new Media.Find(viewer, id));
      if (!List.of("pending", "extracting").contains(media.processingStatus())) {
        return media;
      }
      Thread.onSpinWait();
    }
    throw new IllegalStateException("The document was not worked on within ten seconds");
  }

  /** The first fragment of a document that was pasted just now. */
  public Fragment read(UUID viewer, String text, Format format) {
    Media media = settled(viewer, paste(viewer, text, format).media().id());
    return fragments(viewer, media.id()).getFirst();
  }

  public List<Fragment> fragments(UUID viewer, UUID media) {
    return ask(Fragment.ListOf.ADDRESS, new Fragment.ListOf(viewer, media, 100, null, true))
        .fragments();
  }

  /** Ends the verticles; the pool on this Vert.x is the database's to close, and comes later. */
  @Override
  public void close() {
    vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));
  }
}
