package lectern.conversation;

import lectern.conversation.Turns.Closing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line an answer that ended: who gave it, how long it took, how it went. Never what it says.
 */
final class AnswerLog {
  private static final Logger log = LoggerFactory.getLogger(AnswerLog.class);

  private AnswerLog() {}

  static void completed(Closing closing) {
    AnswerUsage usage = closing.usage();
    log.atLevel(closing.errorCode() == null ? Level.INFO : Level.ERROR)
        .addKeyValue("assistant_message_id", closing.messageId())
        .addKeyValue("provider", usage.provider())
        .addKeyValue("model_name", usage.modelName())
        .addKeyValue("key_mode", usage.keyModeUsed())
        .addKeyValue("outcome", closing.errorCode() == null ? "success" : "error")
        .addKeyValue("error_class", closing.errorCode())
        .addKeyValue("finish_reason", closing.finishReason())
        .addKeyValue("latency_ms", usage.latencyMs())
        .addKeyValue("answer_chars", closing.content().length())
        .addKeyValue("tokens_total", usage.totalTokens())
        .log("send.completed");
  }
}
