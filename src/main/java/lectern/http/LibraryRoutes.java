package lectern.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.library.BroughtIn;
import lectern.library.Fragment;
import lectern.library.Image;
import lectern.library.Library;
import lectern.library.Media;
import lectern.library.Position;
import lectern.library.document.Format;
import org.jspecify.annotations.Nullable;

/** Libraries and what they hold over HTTP: each route asks one question. */
final class LibraryRoutes {
  private final Bus bus;

  LibraryRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> list(Call call) {
    int limit = Math.min(call.number("limit"), Library.ListOwn.MOST);
    return bus.ask(Library.ListOwn.ADDRESS, new Library.ListOwn(call.viewerId(), limit))
        .map(listing -> Answer.list(listing.libraries(), null));
  }

  Future<Answer> create(Call call) {
    return bus.ask(
            Library.Create.ADDRESS,
            new Library.Create(call.viewerId(), call.body(Naming.class).name()))
        .map(Answer::created);
  }

  Future<Answer> find(Call call) {
    return bus.ask(Library.Find.ADDRESS, new Library.Find(call.viewerId(), call.id("library_id")))
        .map(Answer::ok);
  }

  Future<Answer> rename(Call call) {
    return bus.ask(
            Library.Rename.ADDRESS,
            new Library.Rename(
                call.viewerId(), call.id("library_id"), call.body(Naming.class).name()))
        .map(Answer::ok);
  }

  Future<Answer> delete(Call call) {
    return bus.ask(
            Library.Delete.ADDRESS, new Library.Delete(call.viewerId(), call.id("library_id")))
        .map(Answer::empty);
  }

  Future<Answer> addMedia(Call call) {
    return bus.ask(
            Library.AddMedia.ADDRESS,
            new Library.AddMedia(
                call.viewerId(), call.id("library_id"), call.body(Adding.class).mediaId()))
        .map(Answer::created);
  }

  Future<Answer> removeMedia(Call call) {
    return bus.ask(
            Library.RemoveMedia.ADDRESS,
            new Library.RemoveMedia(call.viewerId(), call.id("library_id"), call.id("media_id")))
        .map(Answer::empty);
  }

  Future<Answer> listMedia(Call call) {
    return media(call, null);
  }

  Future<Answer> listLibraryMedia(Call call) {
    return media(call, call.id("library_id"));
  }

  private Future<Answer> media(Call call, @Nullable UUID library) {
    return bus.ask(
            Media.ListOwn.ADDRESS,
            new Media.ListOwn(
                call.viewerId(),
                library,
                call.textOrNull("kind"),
                Media.Sort.of(call.text("sort")),
                call.number("limit"),
                call.textOrNull("cursor")))
        .map(listing -> Answer.list(listing.media(), listing.nextCursor()));
  }

  Future<Answer> findMedia(Call call) {
    return bus.ask(Media.Find.ADDRESS, new Media.Find(call.viewerId(), call.id("media_id")))
        .map(Answer::ok);
  }

  Future<Answer> deleteMedia(Call call) {
    return bus.ask(Media.Delete.ADDRESS, new Media.Delete(call.viewerId(), call.id("media_id")))
        .map(Answer::empty);
  }

  Future<Answer> paste(Call call) {
    Pasted pasted = call.body(Pasted.class);
    return bus.ask(
            BroughtIn.Paste.ADDRESS,
            new BroughtIn.Paste(
                call.viewerId(),
                pasted.title(),
                pasted.text(),
                pasted.format() == null ? Format.TEXT : pasted.format(),
                pasted.libraryId()))
        .map(Answer::accepted);
  }

  Future<Answer> fromUrl(Call call) {
    Named named = call.body(Named.class);
    return bus.ask(
            BroughtIn.FromUrl.ADDRESS,
            new BroughtIn.FromUrl(call.viewerId(), named.url(), named.libraryId()))
        .map(Answer::accepted);
  }

  Future<Answer> retry(Call call) {
    return bus.ask(Media.Retry.ADDRESS, new Media.Retry(call.viewerId(), call.id("media_id")))
        .map(Answer::accepted);
  }

  Future<Answer> sample(Call call) {
    return bus.ask(BroughtIn.OpenSample.ADDRESS, new BroughtIn.OpenSample(call.viewerId()))
        .map(Answer::accepted);
  }

  Future<Answer> fragments(Call call) {
    return bus.ask(
            Fragment.ListOf.ADDRESS,
            new Fragment.ListOf(
                call.viewerId(),
                call.id("media_id"),
                call.number("limit"),
                call.textOrNull("cursor"),
                call.text("content").equals("true")))
        .map(listing -> Answer.list(listing.fragments(), listing.nextCursor()));
  }

  Future<Answer> fragment(Call call) {
    return bus.ask(
            Fragment.Find.ADDRESS, new Fragment.Find(call.viewerId(), call.id("fragment_id")))
        .map(Answer::ok);
  }

  Future<Answer> outline(Call call) {
    return bus.ask(
            Fragment.Outline.ADDRESS, new Fragment.Outline(call.viewerId(), call.id("media_id")))
        .map(outline -> Answer.ok(outline.entries()));
  }

  Future<Answer> image(Call call) {
    String known = call.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    return bus.ask(
            Image.Find.ADDRESS,
            new Image.Find(call.viewerId(), call.id("media_id"), call.text("name")))
        .map(image -> new Answer.Picture(image.contentType(), image.name(), image.bytes(), known));
  }

  Future<Answer> position(Call call) {
    return bus.ask(Position.Find.ADDRESS, new Position.Find(call.viewerId(), call.id("media_id")))
        .map(found -> Answer.ok(found.position()));
  }

  Future<Answer> putPosition(Call call) {
    Reached reached = call.body(Reached.class);
    return bus.ask(
            Position.Put.ADDRESS,
            new Position.Put(
                call.viewerId(), call.id("media_id"), reached.fragmentId(), reached.textOffset()))
        .map(Answer::ok);
  }

  private record Naming(String name) {}

  private record Adding(UUID mediaId) {}

  private record Pasted(
      @Nullable String title, String text, @Nullable Format format, @Nullable UUID libraryId) {}

  private record Named(String url, @Nullable UUID libraryId) {}

  private record Reached(UUID fragmentId, int textOffset) {}
}
