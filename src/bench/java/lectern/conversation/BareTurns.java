package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import lectern.conversation.Turns.Closing;
import lectern.conversation.Turns.Turn;
import lectern.llm.ModelSpec;
import lectern.llm.Outcome.Receipt;
import lectern.llm.Target;
import lectern.llm.Usage;
import lectern.models.KeyMode;
import lectern.models.Model;
import lectern.models.Pick.Way;

/**
 * The statements of a send with nothing around them: what the database alone allows. They are the
 * stores' own, with the parameters of a send that got the answer of {@code BenchUpstream}.
 */
public final class BareTurns {
  private static final SendLimits LIMITS = new SendLimits(100_000, 1_000, Integer.MAX_VALUE);

  /** What a prompt and its answer reserve; the exact number changes nothing. */
  private static final int RESERVED = 4_500;

  private final Pool pool;
  private final Turns turns;
  private final UUID node;
  private static final ModelSpec SPEC =
      new ModelSpec("openai", "bench", "Bench", 100_000, 4_096, Set.of(), List.of());

  private final Model model;

  /**
   * @param node one that beats, or the sweep for answers without an owner would take these
   */
  public BareTurns(Pool pool, UUID node, UUID model) {
    this.pool = pool;
    this.turns = new Turns(pool);
    this.node = node;
    this.model =
        new Model(
            model, "openai", "bench", "Bench", null, 100_000, 4_096, Set.of(), List.of(), List.of(),
            null, true, null);
  }

  /**
   * Opens a turn, reads what came before it where there is something, and closes it with what
   * {@code ask} says meanwhile.
   */
  public Future<Boolean> run(
      UUID reader, UUID conversation, String question, Supplier<Future<String>> ask) {
    Admitted admitted = admitted(reader, conversation, question);
    return turns
        .open(admitted, LIMITS, "bench", node)
        .compose(
            turn ->
                earlier(turn)
                    .compose(_ -> ask.get())
                    .compose(answer -> turns.close(closing(turn, answer, admitted))));
  }

  private Future<?> earlier(Turn turn) {
    return turn.firstSeq() <= 1
        ? Future.succeededFuture()
        : PromptStore.listEarlier(pool, turn.conversationId(), turn.firstSeq(), Prompts.MAX_PROMPT);
  }

  private Admitted admitted(UUID reader, UUID conversation, String question) {
    Send send =
        new Send(reader, conversation, null, question, model.id(), KeyMode.AUTO, List.of(), null);
    return new Admitted(
        send,
        question,
        model,
        List.of(new Way(new Target(SPEC, null, null), "platform", null)),
        List.of(),
        Prompts.render(List.of(), question),
        RESERVED,
        null);
  }

  private static Closing closing(Turn turn, String answer, Admitted admitted) {
    Receipt receipt =
        new Receipt(
            "bench", "bench", new Usage(16, 0, 2, 0), Duration.ofMillis(1), Duration.ofMillis(1));
    AnswerUsage usage = Receipts.usage(admitted, admitted.ways(), receipt, null);
    return new Closing(turn.assistantMessageId(), 1, answer, null, "stop", null, usage);
  }
}
