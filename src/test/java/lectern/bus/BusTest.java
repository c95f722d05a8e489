package lectern.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BusTest {
  static {
    Scope.register();
  }

  private static final Address<Ping, Pong> PING = Address.of("test.ping", Ping.class, Pong.class);

  public record Ping(String word, List<Integer> numbers) {}

  public record Pong(String word) {}

  @Test
  void a_record_crosses_one_node_by_reference(Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    Ping asked = new Ping("hello", List.of(1));
    bus.answer(
            PING,
            ping -> Future.succeededFuture(new Pong(ping == asked ? "the same" : "another one")))
        .compose(_ -> bus.ask(PING, asked))
        .onComplete(
            test.succeeding(
                pong ->
                    test.verify(
                        () -> {
                          assertThat(pong.word()).isEqualTo("the same");
                          test.completeNow();
                        })));
  }

  @Test
  void a_question_in_json_is_answered_in_json(Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    bus.answer(PING, ping -> Future.succeededFuture(new Pong(ping.word() + ping.numbers())))
        .compose(
            _ ->
                vertx
                    .eventBus()
                    .<JsonObject>request(
                        PING.name(), new JsonObject("{\"word\":\"a\",\"numbers\":[1,2]}")))
        .onComplete(
            test.succeeding(
                reply ->
                    test.verify(
                        () -> {
                          assertThat(reply.body().getString("word")).isEqualTo("a[1, 2]");
                          test.completeNow();
                        })));
  }

  @Test
  void a_refusal_arrives_as_it_was_thrown(Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    bus.answer(
            PING,
            _ -> {
              throw new Refusal(Code.E_NAME_INVALID, "No such word.").with("field", "word");
            })
        .compose(_ -> bus.ask(PING, new Ping("x", List.of())))
        .onComplete(
            test.failing(
                failure ->
                    test.verify(
                        () -> {
                          Refusal refusal = (Refusal) failure;
                          assertThat(refusal.code()).isEqualTo(Code.E_NAME_INVALID);
                          assertThat(refusal.sentence()).isEqualTo("No such word.");
                          assertThat(refusal.details()).isEqualTo(Map.of("field", "word"));
                          test.completeNow();
                        })));
  }

  @Test
  void a_defect_arrives_as_one_opaque_code(Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    bus.answer(PING, _ -> Future.failedFuture(new IllegalStateException("secret detail")))
        .compose(_ -> bus.ask(PING, new Ping("x", List.of())))
        .onComplete(
            test.failing(
                failure ->
                    test.verify(
                        () -> {
                          assertThat(((Refusal) failure).code()).isEqualTo(Code.E_INTERNAL);
                          assertThat(failure.getMessage()).doesNotContain("secret");
                          test.completeNow();
                        })));
  }

  @Test
  void what_can_be_explained_is_no_defect(Vertx vertx, VertxTestContext test) {
    Refusal away = new Refusal(Code.E_UNAVAILABLE, "Come back.");
    Bus bus =
        new Bus(
            vertx,
            failure -> failure instanceof IOException ? Optional.of(away) : Optional.empty());
    bus.answer(PING, _ -> Future.failedFuture(new IOException("gone")))
        .compose(_ -> bus.ask(PING, new Ping("x", List.of())))
        .onComplete(
            test.failing(
                failure ->
                    test.verify(
                        () -> {
                          assertThat(((Refusal) failure).code()).isEqualTo(Code.E_UNAVAILABLE);
                          test.completeNow();
                        })));
  }

  @Test
  void nobody_there_and_nobody_answering_are_told_within_the_patience(
      Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    Address<Ping, Pong> hasty = PING.at("test.silent").patience(Duration.ofMillis(50));
    Future<Pong> nobody = bus.ask(PING.at("test.nobody"), new Ping("x", List.of()));
    Future<Pong> silent =
        bus.answer(hasty, _ -> Future.<Pong>future(_ -> {}))
            .compose(_ -> bus.ask(hasty, new Ping("x", List.of())));
    Future.join(nobody, silent)
        .onComplete(
            test.failing(
                _ ->
                    test.verify(
                        () -> {
                          for (Future<Pong> asked : List.of(nobody, silent)) {
                            assertThat(((Refusal) asked.cause()).code())
                                .isEqualTo(Code.E_UNAVAILABLE);
                          }
                          test.completeNow();
                        })));
  }

  @Test
  void the_scope_of_the_asker_is_the_scope_of_the_answerer(Vertx vertx, VertxTestContext test) {
    Bus bus = new Bus(vertx);
    bus.answer(PING, _ -> Future.succeededFuture(new Pong(Scope.current().requestId() + "")))
        .onSuccess(
            _ ->
                vertx.runOnContext(
                    _ -> {
                      new Scope("r-1", "u-1").enter();
                      bus.ask(PING, new Ping("x", List.of()))
                          .onComplete(
                              test.succeeding(
                                  pong ->
                                      test.verify(
                                          () -> {
                                            assertThat(pong.word()).isEqualTo("r-1");
                                            test.completeNow();
                                          })));
                    }));
  }

  @Test
  void between_nodes_a_record_is_json_and_only_our_records_are_read() {
    RecordCodec codec = new RecordCodec();
    Buffer wire = Buffer.buffer();
    codec.encodeToWire(wire, new Ping("ä", List.of(7)));
    assertThat(codec.decodeFromWire(0, wire)).isEqualTo(new Ping("ä", List.of(7)));
    Buffer hostile = Buffer.buffer();
    byte[] name = "java.lang.ProcessBuilder".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    hostile.appendInt(name.length).appendBytes(name).appendInt(2).appendString("{}");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> codec.decodeFromWire(0, hostile))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
