package lectern.http;

import io.vertx.core.Future;
import lectern.bus.Bus;
import lectern.reading.Annotation;
import lectern.reading.Highlight;
import lectern.reading.HighlightColor;
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
    return bus.ask(
            Highlight.Create.ADDRESS,
            new Highlight.Create(
                call.viewerId(),
                call.id("fragment_id"),
                marked.startOffset(),
                marked.endOffset(),
                marked.color()))
        .map(Answer::created);
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

  private record Marked(int startOffset, int endOffset, HighlightColor color) {}

  private record Change(
      @Nullable Integer startOffset, @Nullable Integer endOffset, @Nullable HighlightColor color) {}

  private record Note(String body) {}
}
