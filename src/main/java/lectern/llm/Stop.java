package lectern.llm;

import lectern.llm.LlmFailure.Kind;

/**
 * One of the models a question may go to, with the breakers in front of it.
 *
 * @param target which of the models the question may go to, as in {@link Attempt}
 * @param own whether the key or the server is a reader's own
 * @param server guards the connection: its address and its key
 * @param lane guards this model of that connection
 */
record Stop(
    int target, ModelSpec model, Connection connection, boolean own, Breaker server, Breaker lane) {

  /** Whose key is used: byok, platform or none. */
  String keyMode() {
    if (connection.key() == null) {
      return "none";
    }
    return own ? "byok" : "platform";
  }

  boolean lets(long now) {
    return server.lets(now) && lane.lets(now);
  }

  long waitMillis(long now) {
    return Math.max(server.waitMillis(now), lane.waitMillis(now));
  }

  /** Why it is not asked, of the breaker that stays open longest. */
  Kind reason(long now) {
    Breaker longest = server.waitMillis(now) >= lane.waitMillis(now) ? server : lane;
    Kind reason = longest.reason();
    return reason == null ? Kind.OVERLOADED : reason;
  }

  Passage begin(long now) {
    return new Passage(this, server.begin(now), lane.begin(now));
  }

  /** A call that passed both breakers, and what it has to tell them. */
  record Passage(Stop stop, boolean serverProbe, boolean laneProbe) {

    void spoke() {
      stop.server.spoke(serverProbe);
      stop.lane.spoke(laneProbe);
    }

    void succeeded(long now) {
      stop.server.succeeded(now);
      stop.lane.succeeded(now);
    }

    void failed(long now, LlmFailure failure) {
      boolean server = isOfTheServer(failure.kind());
      LlmFailure.Breaker mark = failure.kind().breaker();
      LlmFailure.Breaker none = LlmFailure.Breaker.IGNORES;
      stop.server.failed(now, failure, serverProbe, server ? mark : none);
      stop.lane.failed(now, failure, laneProbe, server ? none : mark);
    }

    void abandoned() {
      stop.server.abandoned(serverProbe);
      stop.lane.abandoned(laneProbe);
    }

    /** An address or a key fails for all its models; a model is overloaded by itself. */
    private static boolean isOfTheServer(Kind kind) {
      return switch (kind) {
        case UNREACHABLE, GARBLED, INVALID_KEY, OUT_OF_MONEY -> true;
        case RATE_LIMIT,
            OVERLOADED,
            STARTING,
            TIMEOUT,
            INTERRUPTED,
            EMPTY,
            NO_ROOM,
            CONTEXT_TOO_LARGE,
            MODEL_NOT_FOUND,
            REFUSED,
            BAD_REQUEST ->
            false;
      };
    }
  }
}
