package lectern.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.conversation.Conversation;
import lectern.conversation.Message;
import lectern.conversation.Send;
import lectern.conversation.Send.Opened;
import lectern.conversation.Sent;
import lectern.conversation.Stop;
import lectern.conversation.Watch;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Place;
import lectern.conversation.Watch.Standing;
import lectern.http.EventStream.Meta;
import lectern.models.KeyMode;
import org.jspecify.annotations.Nullable;

/** Conversations and messages over HTTP: each route asks one question, or follows one answer. */
final class ConversationRoutes {
  private final Vertx vertx;
  private final Bus bus;
  private final Mailbox mailbox;
  private final Duration quiet;
  private final TurnQueues queues;

  ConversationRoutes(Vertx vertx, Bus bus, MeterRegistry metrics, Mailbox mailbox, Duration quiet) {
    this.vertx = vertx;
    this.bus = bus;
    this.mailbox = mailbox;
    this.quiet = quiet;
    this.queues = new TurnQueues(vertx, metrics, this::endWatcher);
  }

  Future<Answer> list(Call call) {
    return bus.ask(
            Conversation.ListOwn.ADDRESS,
            new Conversation.ListOwn(
                call.viewerId(), call.number("limit"), call.textOrNull("cursor")))
        .map(page -> Answer.list(page.conversations(), page.nextCursor()));
  }

  Future<Answer> listQuoting(Call call) {
    return bus.ask(
            Conversation.ListQuoting.ADDRESS,
            new Conversation.ListQuoting(
                call.viewerId(),
                call.id("media_id"),
                call.number("limit"),
                call.textOrNull("cursor")))
        .map(page -> Answer.list(page.conversations(), page.nextCursor()));
  }

  Future<Answer> create(Call call) {
    return bus.ask(Conversation.Create.ADDRESS, new Conversation.Create(call.viewerId()))
        .map(Answer::created);
  }

  Future<Answer> find(Call call) {
    return bus.ask(
            Conversation.Find.ADDRESS,
            new Conversation.Find(call.viewerId(), call.id("conversation_id")))
        .map(Answer::ok);
  }

  Future<Answer> rename(Call call) {
    return bus.ask(
            Conversation.Rename.ADDRESS,
            new Conversation.Rename(
                call.viewerId(), call.id("conversation_id"), call.body(Naming.class).title()))
        .map(Answer::ok);
  }

  Future<Answer> delete(Call call) {
    return bus.ask(
            Conversation.Delete.ADDRESS,
            new Conversation.Delete(call.viewerId(), call.id("conversation_id")))
        .map(Answer::empty);
  }

  Future<Answer> messages(Call call) {
    return bus.ask(
            Message.ListOf.ADDRESS,
            new Message.ListOf(
                call.viewerId(),
                call.id("conversation_id"),
                call.number("limit"),
                call.textOrNull("cursor"),
                call.text("from").equals("newest")))
        .map(
            page ->
                new Answer.Listing(
                    page.messages(), new Answer.Page(page.nextCursor(), page.previousCursor())));
  }

  Future<Answer> message(Call call) {
    return bus.ask(Message.Find.ADDRESS, new Message.Find(call.viewerId(), call.id("message_id")))
        .map(Answer::ok);
  }

  Future<Answer> deleteMessage(Call call) {
    return bus.ask(
            Message.Delete.ADDRESS, new Message.Delete(call.viewerId(), call.id("message_id")))
        .map(Answer::empty);
  }

  Future<Answer> stop(Call call) {
    return bus.ask(Stop.ADDRESS, new Stop(call.viewerId(), call.id("message_id"))).map(Answer::ok);
  }

  /** A send, plain or streamed: the same question, with two ways to wait for its answer. */
  Future<Answer> send(Call call) {
    Asked asked = call.body(Asked.class);
    Send send =
        new Send(
            call.viewerId(),
            call.idOrNull("conversation_id"),
            asked.replacesMessageId(),
            asked.content(),
            asked.modelId(),
            asked.keyMode() == null ? KeyMode.AUTO : asked.keyMode(),
            asked.contexts(),
            call.textOrNull("Idempotency-Key"));
    long deadline = System.nanoTime() + Preference.wait(call.textOrNull("Prefer")).toNanos();
    return queues
        .opened(call, () -> bus.ask(Send.ADDRESS, send), deadline)
        .compose(
            opened -> call.text("stream").equals("1") ? stream(call, opened) : await(call, opened));
  }

  private Future<Answer> stream(Call call, Opened opened) {
    Meta meta =
        new Meta(
            opened.conversationId(),
            opened.userMessageId(),
            opened.assistantMessageId(),
            opened.modelId(),
            opened.provider());
    return stream(call, meta, Place.START, watcher -> watcher.follow(opened.owner()));
  }

  /** The rest of an answer, from the client's last event on. */
  Future<Answer> watch(Call call) {
    return bus.ask(Watch.ADDRESS, new Watch(call.viewerId(), call.id("message_id")))
        .compose(
            standing -> {
              Place from = Place.parse(call.textOrNull("Last-Event-ID"));
              return stream(call, metaOf(standing), from, watcher -> watcher.followFrom(standing));
            });
  }

  private static Meta metaOf(Standing standing) {
    Message message = standing.message();
    return new Meta(
        message.conversationId(), null, message.id(), message.modelId(), standing.provider());
  }

  private Future<Answer> stream(
      Call call, Meta meta, Place from, Function<AnswerWatcher, Future<End>> follow) {
    EventStream events = new EventStream(call.response(), from);
    AnswerWatcher watcher = watcher(call.viewerId(), meta.assistantMessageId(), from, events);
    call.response().closeHandler(_ -> watcher.close());
    events.open(meta);
    return follow
        .apply(watcher)
        .onSuccess(events::done)
        .onFailure(_ -> call.response().reset())
        .map(new Answer.Streaming());
  }

  private Future<Answer> await(Call call, Opened opened) {
    AnswerWatcher watcher = endWatcher(call.viewerId(), opened.assistantMessageId());
    call.response().closeHandler(_ -> watcher.close());
    return watcher.follow(opened.owner()).compose(end -> sent(call.viewerId(), opened, end));
  }

  private AnswerWatcher endWatcher(UUID viewer, UUID message) {
    return watcher(viewer, message, Place.START, new EndOnly());
  }

  private AnswerWatcher watcher(UUID viewer, UUID message, Place from, AnswerWatcher.Sink sink) {
    return new AnswerWatcher(vertx, bus, mailbox, quiet, viewer, message, from, sink);
  }

  private Future<Answer> sent(UUID viewer, Opened opened, End end) {
    if (end.errorCode() != null) {
      return Future.failedFuture(failed(opened, end));
    }
    return bus.ask(
            Sent.Find.ADDRESS,
            new Sent.Find(
                viewer,
                opened.conversationId(),
                opened.userMessageId(),
                opened.assistantMessageId()))
        .map(Answer::ok);
  }

  /** The stored failure, with the ids under which the client finds what was kept. */
  private static Refusal failed(Opened opened, End end) {
    Refusal refusal =
        new Refusal(
            Code.valueOf(String.valueOf(end.errorCode())),
            String.valueOf(end.errorMessage()),
            Map.of(
                "conversation_id", opened.conversationId().toString(),
                "user_message_id", opened.userMessageId().toString(),
                "assistant_message_id", opened.assistantMessageId().toString()));
    Integer wait = end.usage() == null ? null : end.usage().retryAfterSeconds();
    return wait == null ? refusal : refusal.with(Failures.RETRY_AFTER, wait);
  }

  /** A plain send waits for the end alone and then reads what was stored. */
  private static final class EndOnly implements AnswerWatcher.Sink {
    @Override
    public boolean wantsText() {
      return false;
    }

    @Override
    public void startOver(Place place) {}

    @Override
    public void thinking(Place place) {}

    @Override
    public Future<Void> text(String more, Place reached) {
      return Future.succeededFuture();
    }

    @Override
    public void beat() {}
  }

  private record Naming(String title) {}

  private record Asked(
      String content,
      UUID modelId,
      @Nullable KeyMode keyMode,
      @Nullable UUID replacesMessageId,
      @Nullable List<Send.Target> contexts) {}
}
