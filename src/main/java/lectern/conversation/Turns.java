package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Json;
import lectern.bus.Refusal;
import lectern.db.Constraints;
import lectern.telemetry.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The two transactions of a send. {@link #open} writes the question and its pending answer under
 * the conversation's lock; {@link #close} finalises the answer exactly once, however many try.
 * Between them no transaction is held.
 */
final class Turns {
  private static final String OPEN =
      "select * from open_turn($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
          + " $16, $17, $18, $19)";

  /**
   * What went away between the checks and the writing, a reader's own server with its models
   * included: the answer is what the checks would say.
   */
  private static final Constraints RACES = races();

  private static Constraints races() {
    Map<String, Refusal> refusals = new HashMap<>();
    for (String target :
        List.of(
            "media",
            "highlight",
            "annotation",
            "referred_message",
            "referred_conversation",
            "source_media",
            "fragment")) {
      refusals.put("message_context_" + target + "_id_fkey", Targets.gone());
    }
    refusals.put("conversation_media_media_id_fkey", Targets.gone());
    refusals.put(
        "message_model_id_fkey",
        new Refusal(
            Code.E_MODEL_NOT_AVAILABLE, "This server does not have that model (any more)."));
    return Constraints.of(refusals);
  }

  private final SqlClient sql;
  private final SqlTemplate<Map<String, Object>, RowSet<Row>> closing;

  Turns(SqlClient sql) {
    this.sql = sql;
    this.closing = SqlTemplate.forQuery(sql, CLOSE);
  }

  /**
   * Opens a turn, or finds the one an earlier send under the same key opened.
   *
   * @param owner the bus address that will grow the answer
   */
  Future<Turn> open(Admitted admitted, SendLimits limits, String owner, UUID node) {
    Send send = admitted.send();
    Tuple parameters =
        Tuple.tuple()
            .addUUID(send.viewer())
            .addUUID(send.conversationId())
            .addUUID(send.replacesMessageId())
            .addString(Titles.from(admitted.question()))
            .addString(admitted.question())
            .addUUID(admitted.model().id())
            .addString(send.keyMode().word())
            .addString(admitted.keyModeUsed())
            .addInteger(admitted.reservedTokens())
            .addInteger(Prompts.earlierTokens(admitted.model()))
            .addJsonArray(contexts(admitted.quoted()))
            .addString(send.idempotencyKey())
            .addString(admitted.payloadHash())
            .addString(owner)
            .addUUID(node)
            .addString(Scope.current().requestId())
            .addInteger(limits.sendsPerMinute())
            .addInteger(limits.inFlight())
            .addInteger(limits.platformTokensPerDay());
    return RACES.guard(
        sql.preparedQuery(OPEN).execute(parameters).map(rows -> turn(rows.iterator().next())));
  }

  private static Turn turn(Row row) {
    Integer wait = row.getInteger("retry_after");
    return switch (row.getString("outcome")) {
      case "opened" -> turn(row, false);
      case "replay" -> turn(row, true);
      case "mismatch" -> throw mismatch();
      case "no_conversation" -> throw ConversationStore.missing();
      case "no_message" -> throw MessageStore.missing();
      case "set_aside" ->
          throw new Refusal(
              Code.E_MESSAGE_SET_ASIDE,
              "The conversation went on without this question. Ask at its end.");
      case "busy" ->
          throw new Refusal(
                  Code.E_CONVERSATION_BUSY,
                  "An answer is still being written in this conversation.")
              .with("assistant_message_id", row.getUUID("assistant_message_id").toString());
      case "rate_limited" ->
          throw limited(Code.E_RATE_LIMITED, "That is a lot of questions in one minute.", wait);
      case "in_flight" ->
          throw limited(
              Code.E_RATE_LIMITED, "Several of your answers are still being written.", wait);
      case "over_budget" ->
          throw limited(
              Code.E_TOKEN_BUDGET_EXCEEDED,
              "Today's share of this server's tokens is used up.",
              wait);
      case String other -> throw new IllegalStateException("open_turn said " + other);
    };
  }

  private static Turn turn(Row row, boolean replay) {
    Integer seq = row.getInteger("first_seq");
    return new Turn(
        row.getUUID("conversation_id"),
        row.getUUID("user_message_id"),
        row.getUUID("assistant_message_id"),
        seq == null ? 0 : seq,
        replay);
  }

  static Refusal mismatch() {
    return new Refusal(
        Code.E_IDEMPOTENCY_KEY_REPLAY_MISMATCH,
        "This Idempotency-Key was used for another request. Use a new one.");
  }

  private static Refusal limited(Code code, String sentence, @Nullable Integer wait) {
    Refusal refusal = new Refusal(code, sentence);
    return wait == null ? refusal : refusal.with("retry_after_seconds", wait);
  }

  private static JsonArray contexts(List<Quoted> quoted) {
    JsonArray rows = new JsonArray();
    for (Quoted each : quoted) {
      JsonObject row = new JsonObject(Json.write(each));
      row.remove("type");
      row.remove("id");
      rows.add(
          row.put("ordinal", rows.size())
              .put("target_type", each.type().word())
              .put(column(each.type()), each.id().toString()));
    }
    return rows;
  }

  private static String column(ContextType type) {
    return switch (type) {
      case MEDIA -> "media_id";
      case HIGHLIGHT -> "highlight_id";
      case ANNOTATION -> "annotation_id";
      case MESSAGE -> "referred_message_id";
      case CONVERSATION -> "referred_conversation_id";
    };
  }

  private static final String CLOSE =
      """
      with place as (
        select c.id
        from generation g
        join conversation c on c.id = g.conversation_id
        where g.message_id = #{message_id}
        for no key update of c
      ), mine as (
        update generation
        set ended_at = now(), spent_tokens = coalesce(#{spent_tokens}, reserved_tokens)
        where message_id = #{message_id} and fence = #{fence} and ended_at is null
          and (select count(*) from place) >= 0 -- always so: it is there to be read, and so locked, first
        returning message_id, conversation_id
      ), answer as (
        update message m
        set content = #{content}, status = #{status}, error_code = #{error_code}, finish_reason = #{finish_reason}, updated_at = now()
        from mine
        where m.id = mine.message_id and m.status = 'pending'
        returning m.id, m.conversation_id
      ), ledger as (
        insert into message_llm (
          message_id, provider, model_name, prompt_tokens, completion_tokens, total_tokens,
          cached_tokens, reasoning_tokens, cost_usd_micros, key_mode_requested, key_mode_used,
          latency_ms, first_token_ms, finish_reason, error_class, provider_request_id,
          prompt_version, model_requested, retry_after_seconds, attempts)
        select id, #{provider}, #{model_name}, #{prompt_tokens}, #{completion_tokens},
          #{total_tokens}, #{cached_tokens}, #{reasoning_tokens}, #{cost}, #{key_mode_requested},
          #{key_mode_used}, #{latency_ms}, #{first_token_ms}, #{finish_reason}, #{error_code},
          #{provider_request_id}, #{prompt_version}, #{model_requested}, #{retry_after},
          #{attempts}
        from answer
      ), touched as (
        update conversation c set updated_at = now()
        from answer where c.id = answer.conversation_id
      )
      select count(*)::int from answer
      """;

  /**
   * Finalises an answer, once: only the owner with the current fence, and only while it is pending.
   *
   * <p>The conversation is locked first, as by whoever sends there or deletes: otherwise this and a
   * deletion would wait for each other, and one of them would be given up as a deadlock. A
   * conversation that is gone by then holds nothing up.
   *
   * @return whether this call did it; false when another had, or the message is gone
   */
  Future<Boolean> close(Closing end) {
    return closing.execute(parameters(end)).map(rows -> rows.iterator().next().getInteger(0) == 1);
  }

  private static Map<String, @Nullable Object> parameters(Closing closing) {
    AnswerUsage usage = closing.usage();
    Map<String, @Nullable Object> named = new HashMap<>();
    named.put("message_id", closing.messageId());
    named.put("fence", closing.fence());
    named.put("content", closing.content());
    named.put("status", closing.errorCode() == null ? "complete" : "error");
    named.put("error_code", closing.errorCode());
    named.put("finish_reason", closing.finishReason());
    named.put("spent_tokens", closing.spentTokens());
    named.put("provider", usage.provider());
    named.put("model_name", usage.modelName());
    named.put("model_requested", usage.modelRequested());
    named.put("prompt_tokens", usage.promptTokens());
    named.put("completion_tokens", usage.completionTokens());
    named.put("total_tokens", usage.totalTokens());
    named.put("cached_tokens", usage.cachedTokens());
    named.put("reasoning_tokens", usage.reasoningTokens());
    named.put("cost", usage.costUsdMicros());
    named.put("key_mode_requested", usage.keyModeRequested().word());
    named.put("key_mode_used", usage.keyModeUsed());
    named.put("latency_ms", usage.latencyMs());
    named.put("first_token_ms", usage.firstTokenMs());
    named.put("provider_request_id", usage.providerRequestId());
    named.put("prompt_version", usage.promptVersion());
    named.put("retry_after", usage.retryAfterSeconds());
    named.put("attempts", new JsonArray(Json.text(usage.attempts())));
    return named;
  }

  /**
   * A question and its pending answer as they stand in the database.
   *
   * @param firstSeq the question's number; 0 for a replay
   * @param replay whether an earlier send under the same key opened it
   */
  record Turn(
      UUID conversationId,
      UUID userMessageId,
      UUID assistantMessageId,
      int firstSeq,
      boolean replay) {}

  /**
   * The end of an answer, about to be written.
   *
   * @param errorCode null for an answer that is as whole as it will be
   * @param tokensIfUnknown what to charge when the provider did not count; null charges what was
   *     reserved
   */
  record Closing(
      UUID messageId,
      int fence,
      String content,
      @Nullable String errorCode,
      String finishReason,
      @Nullable Integer tokensIfUnknown,
      AnswerUsage usage) {

    /**
     * What the day's budget is charged: nothing where the server's key was not used in the end;
     * null charges what was reserved.
     */
    @Nullable Integer spentTokens() {
      if (usage.keyModeUsed() != null && !usage.keyModeUsed().equals("platform")) {
        return 0;
      }
      return usage.totalTokens() == null ? tokensIfUnknown : usage.totalTokens();
    }
  }
}
