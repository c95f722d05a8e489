package lectern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import lectern.llm.TestingProvider.Script;

/**
 * What the model server says to one question.
 *
 * @param text all of it, where nothing comes between
 * @param script played when the question is asked
 */
record Reply(String text, Supplier<Script> script) {

  static Reply atOnce(String key) {
    return new Reply("An answer to " + key, () -> Script.answering("An ", "answer to ", key));
  }

  /** In four pieces with pauses between. */
  static Reply slow(String key, Vertx vertx, int millis) {
    return new Reply(
        (key + " 🌲 ").repeat(4),
        () -> {
          Script script = Script.stream();
          for (int i = 1; i <= 4; i++) {
            script = script.text(key + " 🌲 ").pauseUntil(vertx.timer(millis * i));
          }
          return ended(script);
        });
  }

  /** Goes on when something has happened. */
  static Reply held(String key, Future<?> happened, Runnable asked) {
    return new Reply(
        "So far " + key,
        () -> {
          asked.run();
          return ended(Script.stream().text("So far ").pauseUntil(happened).text(key));
        });
  }

  /** Silent for longer than a stop or a deletion takes; nobody else ends it, if neither can. */
  static Reply stalled(Vertx vertx) {
    return new Reply(
        "So 🌲 far",
        () -> ended(Script.stream().text("So 🌲 ").pauseUntil(vertx.timer(5_000)).text("far")));
  }

  static Reply cut() {
    return new Reply("Half ", () -> Script.stream().text("Half ").cut());
  }

  static Reply refused() {
    String code = "context_length_exceeded";
    return new Reply("", () -> Script.refusing(400, "invalid_request_error", code, "no"));
  }

  private static Script ended(Script script) {
    return script.finish("stop").usage(16, 9).done();
  }
}
