package lectern.llm;

/** One question put to one model of one server. */
record Call(Connection connection, ModelSpec model, Prompt prompt, Limits limits) {

  /** The one the model insists on, or else the one its server usually speaks. */
  Dialect dialect() {
    Dialect only = model.rules().dialect();
    return only == null ? connection.dialect() : only;
  }

  /** The most the model may write: what was allowed or what it can do, whichever is less. */
  int outputTokens() {
    return Math.min(limits.outputTokens(), model.maxOutputTokens());
  }
}
