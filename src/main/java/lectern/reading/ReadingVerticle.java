package lectern.reading;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.library.document.pdf.PageLayout;
import lectern.reading.Annotation.Written;
import lectern.reading.Highlight.Change;
import lectern.reading.Highlight.Create;
import lectern.reading.Highlight.CreateByQuads;
import lectern.reading.Highlight.ListInFragment;
import lectern.reading.Highlight.ListInMedia;
import lectern.reading.Highlight.Listing;
import org.jspecify.annotations.Nullable;

/** Owns highlights and annotations. */
public final class ReadingVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;

  public ReadingVerticle(Bus bus, Database database) {
    this.bus = bus;
    this.database = database;
  }

  @Override
  public Future<?> start() {
    return Future.all(
        List.of(
            bus.answer(Create.ADDRESS, this::create),
            bus.answer(CreateByQuads.ADDRESS, this::createByQuads),
            bus.answer(ListInFragment.ADDRESS, this::listInFragment),
            bus.answer(ListInMedia.ADDRESS, this::listInMedia),
            bus.answer(Highlight.Find.ADDRESS, q -> ReadingStore.find(sql(), q.viewer(), q.id())),
            bus.answer(Change.ADDRESS, this::change),
            bus.answer(Highlight.Delete.ADDRESS, this::delete),
            bus.answer(Annotation.Put.ADDRESS, this::putAnnotation),
            bus.answer(Annotation.Delete.ADDRESS, this::deleteAnnotation)));
  }

  private SqlClient sql() {
    return database.pool();
  }

  private Future<Highlight> create(Create create) {
    UUID viewer = create.viewer();
    return passage(sql(), viewer, create.fragmentId(), create.startOffset(), create.endOffset())
        .compose(
            passage -> ReadingStore.insert(sql(), viewer, passage, create.color(), passage.quads()))
        .compose(id -> ReadingStore.find(sql(), viewer, id));
  }

  private Future<Highlight> createByQuads(CreateByQuads create) {
    UUID viewer = create.viewer();
    if (create.quads().isEmpty() || create.quads().size() > CreateByQuads.MOST_QUADS) {
      throw new Refusal(Code.E_INVALID_REQUEST, "A passage has 1 to 500 quads.")
          .with("field", "quads");
    }
    return ReadingStore.findLayout(sql(), viewer, create.fragmentId())
        .map(layout -> spanned(layout, create.quads()))
        .compose(span -> passage(sql(), viewer, create.fragmentId(), span.start(), span.end()))
        .compose(
            passage -> ReadingStore.insert(sql(), viewer, passage, create.color(), create.quads()))
        .compose(id -> ReadingStore.find(sql(), viewer, id));
  }

  private static Span spanned(@Nullable PageLayout layout, List<Quad> quads) {
    if (layout == null) {
      throw new Refusal(
              Code.E_INVALID_REQUEST, "This document has no pages; mark it by its offsets.")
          .with("field", "quads");
    }
    Span span = Quads.span(layout, quads);
    if (span == null) {
      throw Passage.invalid();
    }
    return span;
  }

  /**
   * A span that no fragment holds is looked for as an empty one: that a document is not to be seen,
   * or not ready, is said first.
   */
  private static Future<Passage> passage(
      SqlClient sql, UUID viewer, UUID fragment, int start, int end) {
    boolean may = Passage.maySpan(start, end);
    return ReadingStore.findPassage(sql, viewer, fragment, may ? start : 0, may ? end : 0)
        .map(Passage::checked);
  }

  private Future<Listing> listInFragment(ListInFragment list) {
    return ReadingStore.listInFragment(sql(), list.viewer(), list.fragmentId()).map(Listing::new);
  }

  private Future<Listing> listInMedia(ListInMedia list) {
    return ReadingStore.listInMedia(sql(), list.viewer(), list.mediaId()).map(Listing::new);
  }

  private Future<Highlight> change(Change change) {
    return database.transaction(
        tx ->
            ReadingStore.findLocked(tx, change.viewer(), change.id())
                .compose(old -> changed(tx, change, old))
                .compose(done -> ReadingStore.find(tx, change.viewer(), change.id())));
  }

  private static Future<Void> changed(SqlClient tx, Change change, Highlight old) {
    int start = change.startOffset() == null ? old.startOffset() : change.startOffset();
    int end = change.endOffset() == null ? old.endOffset() : change.endOffset();
    HighlightColor color = change.color() == null ? old.color() : change.color();
    boolean moved = start != old.startOffset() || end != old.endOffset();
    return passage(tx, change.viewer(), old.fragmentId(), start, end)
        .compose(
            passage ->
                ReadingStore.update(
                    tx, old.id(), passage, color, moved ? passage.quads() : old.quads()));
  }

  private Future<Nothing> delete(Highlight.Delete delete) {
    return ReadingStore.find(sql(), delete.viewer(), delete.id())
        .compose(found -> database.transaction(tx -> ReadingStore.delete(tx, found.id())))
        .map(Nothing.NOTHING);
  }

  private Future<Written> putAnnotation(Annotation.Put put) {
    String body = put.body();
    if (body.isBlank() || body.codePointCount(0, body.length()) > Annotation.MAX_BODY) {
      throw new Refusal(Code.E_INVALID_REQUEST, "A note has 1 to 10,000 characters, not all blank.")
          .with("field", "body");
    }
    return ReadingStore.find(sql(), put.viewer(), put.highlightId())
        .compose(
            found ->
                ReadingStore.findPassage(
                    sql(),
                    put.viewer(),
                    found.fragmentId(),
                    found.startOffset(),
                    found.endOffset()))
        .map(Passage::checked)
        .compose(passage -> ReadingStore.putAnnotation(sql(), put.highlightId(), body));
  }

  private Future<Nothing> deleteAnnotation(Annotation.Delete delete) {
    return ReadingStore.find(sql(), delete.viewer(), delete.highlightId())
        .compose(found -> database.transaction(tx -> ReadingStore.deleteAnnotation(tx, found.id())))
        .map(Nothing.NOTHING);
  }
}
