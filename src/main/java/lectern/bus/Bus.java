package lectern.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import lectern.telemetry.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks and answers over the event bus. Every question gets a reply: an answer, the refusal that was
 * thrown, or one opaque E_INTERNAL for a defect, which is logged here, where it happened.
 *
 * <p>A question goes to a consumer on this node if there is one, else to any node that has one. The
 * request id and user of the asker travel along as headers and are the {@link Scope} of the
 * answerer.
 */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);
  private static final String REQUEST = "request_id";
  private static final String USER = "user_id";

  /** ReplyException code of a reply whose message is a {@link Told} as JSON. */
  private static final int REFUSED = 4000;

  private final EventBus bus;
  private final Function<Throwable, Optional<Refusal>> explain;
  private final Set<String> here = ConcurrentHashMap.newKeySet();

  public Bus(Vertx vertx) {
    this(vertx, _ -> Optional.empty());
  }

  /**
   * @param explain turns failures that are nobody's defect, such as a database that is away, into
   *     refusals
   */
  public Bus(Vertx vertx, Function<Throwable, Optional<Refusal>> explain) {
    this.bus = vertx.eventBus();
    this.explain = explain;
    bus.registerCodec(new RecordCodec());
    bus.codecSelector(body -> RecordCodec.carries(body) ? RecordCodec.NAME : null);
  }

  /**
   * Asks, and fails with the {@link Refusal} the other side gave, within the address's patience.
   */
  public <Q, A> Future<A> ask(Address<Q, A> address, Q question) {
    return bus.<Object>request(address.name(), question, options(address))
        .map(reply -> address.answer().cast(reply.body()))
        .recover(failure -> Future.failedFuture(asRefusal(failure)));
  }

  /** Answers questions at this address, on this node and for the other nodes, from now on. */
  public <Q, A> Future<Void> answer(Address<Q, A> address, Function<Q, Future<A>> handler) {
    here.add(address.name());
    return bus.<Object>consumer(address.name(), message -> reply(address, message, handler))
        .completion();
  }

  /** Answers at an address of this node's own, until {@link MessageConsumer#unregister}. */
  public <Q, A> MessageConsumer<Object> answerHere(
      Address<Q, A> address, Function<Q, Future<A>> handler) {
    return bus.localConsumer(address.name(), message -> reply(address, message, handler));
  }

  private <Q, A> void reply(
      Address<Q, A> address, Message<Object> message, Function<Q, Future<A>> handler) {
    new Scope(message.headers().get(REQUEST), message.headers().get(USER)).enter();
    boolean json = message.body() instanceof JsonObject;
    attempt(address, message.body(), handler)
        .onSuccess(answer -> message.reply(json ? new JsonObject(Json.write(answer)) : answer))
        .onFailure(failure -> message.fail(REFUSED, Json.text(told(address, failure))));
  }

  private static <Q, A> Future<A> attempt(
      Address<Q, A> address, Object body, Function<Q, Future<A>> handler) {
    try {
      return handler.apply(questionIn(address, body));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static <Q> Q questionIn(Address<Q, ?> address, Object body) {
    return body instanceof JsonObject json
        ? Json.read(json.toBuffer().getBytes(), address.question())
        : address.question().cast(body);
  }

  private DeliveryOptions options(Address<?, ?> address) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(address.patience().toMillis())
            .setLocalOnly(here.contains(address.name()));
    Scope scope = Scope.current();
    if (scope.requestId() != null) {
      options.addHeader(REQUEST, scope.requestId());
    }
    if (scope.userId() != null) {
      options.addHeader(USER, scope.userId());
    }
    return options;
  }

  private static Throwable asRefusal(Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return failure;
    }
    if (reply.failureCode() == REFUSED) {
      return Json.read(String.valueOf(reply.getMessage()).getBytes(UTF_8), Told.class).refusal();
    }
    return new Refusal(
        Code.E_UNAVAILABLE,
        reply.failureType() == ReplyFailure.NO_HANDLERS
            ? "This part of the server is not running at the moment."
            : "This part of the server did not answer in time.");
  }

  private Told told(Address<?, ?> address, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return Told.of(refusal);
    }
    Optional<Refusal> explained = explain.apply(failure);
    if (explained.isPresent()) {
      log.warn("bus.unavailable at {}: {}", address.name(), failure.toString());
      return Told.of(explained.get());
    }
    log.error("bus.defect at {}", address.name(), failure);
    return new Told(Code.E_INTERNAL, "Something went wrong on the server.", Map.of());
  }

  /** A refusal as it crosses the bus. */
  private record Told(Code code, String message, Map<String, Object> details) {

    static Told of(Refusal refusal) {
      return new Told(refusal.code(), refusal.sentence(), refusal.details());
    }

    Refusal refusal() {
      return new Refusal(code, message, details);
    }
  }
}
