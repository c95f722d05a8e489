package lectern.http;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.reading.Annotation;
import lectern.reading.Highlight;
import lectern.reading.HighlightColor;
import lectern.reading.Quad;
import org.jspecify.annotations.Nullable;

/** Highlights and annotations over HTTP: each route asks one question. */
final class ReadingRoutes {
  private final Bus bus;

  ReadingRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> listInFragment(Call call) {
    return bus.ask(
            Highlight.ListInFragment.ADDRESS,
            new Highlight.ListInFragment(call.viewerId(), call.id("fragment_id")))
        .map(Answer::ok);
  }

  Future<Answer> listInMedia(Call call) {
    return bus.ask(
            Highlight.ListInMedia.ADDRESS,
            new Highlight.ListInMedia(call.viewerId(), call.id("media_id")))
        .map(Answer::ok);
  }

  Future<Answer> create(Call call) {
    Marked marked = call.body(Marked.class);
    return marked(call, marked).map(Answer::created);
  }

  /** By its offsets, or by where it stands on its page. */
  private Future<Highlight> marked(Call call, Marked marked) {
    UUID fragment = call.id("fragment_id");
    Integer start = marked.startOffset();
    Integer end = marked.endOffset();
    List<Quad> quads = marked.quads();
    if (quads != null && start == null && end == null) {
      return bus.ask(
          Highlight.CreateByQuads.ADDRESS,
          new Highlight.CreateByQuads(call.viewerId(), fragment, quads, marked.color()));
    }
    if (quads == null && start != null && end != null) {
      return bus.ask(
          Highlight.Create.ADDRESS,
          new Highlight.Create(call.viewerId(), fragment, start, end, marked.color()));
    }
    throw new Refusal(
            Code.E_INVALID_REQUEST,
            "A passage has a `start_offset` and an `end_offset`, or else `quads`.")
        .with("field", start == null ? "start_offset" : end == null ? "end_offset" : "quads");
  }

  Future<Answer> find(Call call) {
    return bus.ask(
            Highlight.Find.ADDRESS, new Highlight.Find(call.viewerId(), call.id("highlight_id")))
        .map(Answer::ok);
  }

  Future<Answer> change(Call call) {
    Change change = call.body(Change.class);
    return bus.ask(
            Highlight.Change.ADDRESS,
            new Highlight.Change(
                call.viewerId(),
                call.id("highlight_id"),
                change.startOffset(),
                change.endOffset(),
                change.color()))
        .map(Answer::ok);
  }

  Future<Answer> delete(Call call) {
    return bus.ask(
            Highlight.Delete.ADDRESS,
            new Highlight.Delete(call.viewerId(), call.id("highlight_id")))
        .map(Answer::empty);
  }

  Future<Answer> putAnnotation(Call call) {
    return bus.ask(
            Annotation.Put.ADDRESS,
            new Annotation.Put(
                call.viewerId(), call.id("highlight_id"), call.body(Note.class).body()))
        .map(
            written ->
                written.created()
                    ? Answer.created(written.annotation())
                    : Answer.ok(written.annotation()));
  }

  Future<Answer> deleteAnnotation(Call call) {
    return bus.ask(
            Annotation.Delete.ADDRESS,
            new Annotation.Delete(call.viewerId(), call.id("highlight_id")))
        .map(Answer::empty);
  }

  private record Marked(
      @Nullable Integer startOffset,
      @Nullable Integer endOffset,
      @Nullable List<Quad> quads,
      HighlightColor color) {}

  private record Change(
      @Nullable Integer startOffset, @Nullable Integer endOffset, @Nullable HighlightColor color) {}

  private record Note(String body) {}
}
