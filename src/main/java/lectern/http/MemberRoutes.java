package lectern.http;

import io.vertx.core.Future;
import lectern.bus.Bus;
import lectern.library.Member;
import lectern.library.Role;
import org.jspecify.annotations.Nullable;

/** Who belongs to a library, over HTTP: each route asks one question. */
final class MemberRoutes {
  private final Bus bus;

  MemberRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> list(Call call) {
    return bus.ask(Member.ListOf.ADDRESS, new Member.ListOf(call.viewerId(), call.id("library_id")))
        .map(listing -> Answer.list(listing.members(), null));
  }

  Future<Answer> add(Call call) {
    Joining joining = call.body(Joining.class);
    Role role = joining.role() == null ? Role.MEMBER : joining.role();
    return bus.ask(
            Member.Add.ADDRESS,
            new Member.Add(call.viewerId(), call.id("library_id"), joining.email(), role))
        .map(Answer::created);
  }

  Future<Answer> change(Call call) {
    return bus.ask(
            Member.Change.ADDRESS,
            new Member.Change(
                call.viewerId(),
                call.id("library_id"),
                call.id("user_id"),
                call.body(Changing.class).role()))
        .map(Answer::ok);
  }

  Future<Answer> remove(Call call) {
    return bus.ask(
            Member.Remove.ADDRESS,
            new Member.Remove(call.viewerId(), call.id("library_id"), call.id("user_id")))
        .map(Answer::empty);
  }

  private record Joining(String email, @Nullable Role role) {}

  private record Changing(Role role) {}
}
