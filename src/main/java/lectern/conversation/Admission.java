package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.Prompt;
import lectern.models.Model;
import lectern.models.Pick;
import lectern.models.Pick.Way;

/** The checks before a send, in their documented order. It reads, and writes nothing. */
final class Admission {
  /** Code points of a question. */
  static final int MAX_CONTENT = 20_000;

  static final int MAX_CONTEXTS = 10;
  private static final int MAX_KEY = 128;

  private final Bus bus;

  Admission(Bus bus) {
    this.bus = bus;
  }

  Future<Admitted> check(SqlClient sql, Send send) {
    String question = send.content().strip();
    return bus.ask(Pick.ADDRESS, new Pick(send.viewer(), send.modelId(), send.keyMode()))
        .compose(
            picked -> {
              checkShape(send, question);
              List<Way> ways = picked.checked();
              return quoted(sql, send)
                  .map(quoted -> admitted(send, question, picked.model(), ways, quoted));
            });
  }

  /**
   * What the question quotes; of one that replaces another, what that one quotes if it says none.
   */
  private static Future<List<Quoted>> quoted(SqlClient sql, Send send) {
    List<Send.Target> named = send.contexts();
    if (send.replacesMessageId() == null) {
      return Targets.find(sql, send.viewer(), named == null ? List.of() : named);
    }
    return ContextStore.findReplaced(sql, send)
        .compose(
            earlier ->
                named == null
                    ? Future.succeededFuture(earlier)
                    : Targets.find(sql, send.viewer(), named));
  }

  /** A key that is too long can be refused before anything is read. */
  static void checkKey(Send send) {
    String key = send.idempotencyKey();
    if (key != null && (key.isEmpty() || key.length() > MAX_KEY)) {
      throw new Refusal(
          Code.E_INVALID_REQUEST, "An Idempotency-Key has 1 to " + MAX_KEY + " characters.");
    }
  }

  private static void checkShape(Send send, String question) {
    if (Titles.isUnseen(question)) {
      throw new Refusal(Code.E_INVALID_REQUEST, "Write a question first.").with("field", "content");
    }
    if (question.codePointCount(0, question.length()) > MAX_CONTENT) {
      throw new Refusal(
          Code.E_MESSAGE_TOO_LONG, "A question has at most 20,000 characters; this one has more.");
    }
    if (send.contexts() != null && send.contexts().size() > MAX_CONTEXTS) {
      throw new Refusal(
          Code.E_CONTEXT_TOO_LARGE, "A question quotes at most " + MAX_CONTEXTS + " things.");
    }
  }

  private static Admitted admitted(
      Send send, String question, Model model, List<Way> ways, List<Quoted> quoted) {
    Prompt prompt = Prompts.render(quoted, question);
    if (Prompts.quotesTooMuch(prompt)) {
      throw new Refusal(
          Code.E_CONTEXT_TOO_LARGE,
          "The quoted passages are too long together. Quote fewer or shorter ones.");
    }
    int tokens = Prompts.estimateTokens(prompt);
    if (!Prompts.fits(tokens, model)) {
      throw new Refusal(
          Code.E_CONTEXT_TOO_LARGE,
          "This is more than this model can read at once. Quote less, or choose another model.");
    }
    int reserved = ways.getFirst().isOnPlatform() ? tokens + Prompts.outputTokens(model) : 0;
    String hash = send.idempotencyKey() == null ? null : IdempotencyStore.hash(send, question);
    return new Admitted(send, question, model, ways, quoted, prompt, reserved, hash);
  }
}
