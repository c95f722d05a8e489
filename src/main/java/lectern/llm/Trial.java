package lectern.llm;

import java.time.Duration;
import java.util.function.Consumer;
import lectern.llm.Stop.Passage;
import org.jspecify.annotations.Nullable;

/**
 * One call to one model while it goes on. Once it has had its first word there is no way back: the
 * answer is this one's.
 */
final class Trial {
  private final Stop stop;
  private final Passage passage;
  private final long began = System.nanoTime();
  private @Nullable Upstream upstream;
  private Event.@Nullable Started started;
  private @Nullable Usage usage;
  private @Nullable Duration firstDelta;

  Trial(Stop stop, Passage passage) {
    this.stop = stop;
    this.passage = passage;
  }

  void begin(Provider provider, Call call, Consumer<Event> events) {
    upstream = provider.ask(call, events);
  }

  Stop stop() {
    return stop;
  }

  Passage passage() {
    return passage;
  }

  void started(Event.Started by) {
    started = by;
  }

  void counted(Usage tokens) {
    usage = tokens;
  }

  /** True for the first piece. */
  boolean spoke() {
    if (firstDelta != null) {
      return false;
    }
    firstDelta = since();
    passage.spoke();
    return true;
  }

  boolean hasSpoken() {
    return firstDelta != null;
  }

  void pause() {
    if (upstream != null) {
      upstream.pause();
    }
  }

  void resume() {
    if (upstream != null) {
      upstream.resume();
    }
  }

  void hangUp() {
    if (upstream != null) {
      upstream.cancel();
    }
  }

  @Nullable String model() {
    return started == null ? null : started.model();
  }

  @Nullable String requestId() {
    return started == null ? null : started.requestId();
  }

  @Nullable Usage usage() {
    return usage;
  }

  Attempt attempt(Attempt.Result result, @Nullable LlmFailure failure) {
    return new Attempt(
        stop.target(),
        stop.model().provider(),
        stop.model().modelName(),
        result,
        failure,
        since(),
        firstDelta);
  }

  private Duration since() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
