package lectern.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;

/**
 * How often one reader may have a provider or a server asked about a key: so many times a minute on
 * this node, from the first of them on. A key that somebody guesses at would otherwise be tried
 * here as fast as the provider lets us, in our name.
 *
 * <p>Confined to the event loop of the verticle that owns it.
 */
final class Turnstile {
  static final int MOST = 20;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** Readers counted at once, some dozen bytes each; the least recent are let off. */
  private static final int REMEMBERED = 10_000;

  private final Ticker ticker;
  private final Cache<UUID, Window> windows;

  Turnstile(Ticker ticker) {
    this.ticker = ticker;
    this.windows =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(WINDOW)
            .ticker(ticker)
            .build();
  }

  private static final class Window {
    private final long began;
    private int passed;

    Window(long began) {
      this.began = began;
    }
  }

  /** Refuses with E_RATE_LIMITED whoever has asked too often, and says when to come back. */
  void pass(UUID reader) {
    Window window = windows.get(reader, _ -> new Window(ticker.read()));
    if (window.passed >= MOST) {
      Duration left = WINDOW.minusNanos(ticker.read() - window.began);
      throw new Refusal(
              Code.E_RATE_LIMITED, "That is a lot of tests in a minute. Try again in a moment.")
          .with("retry_after_seconds", Math.max(1, (int) left.plusMillis(999).toSeconds()));
    }
    window.passed++;
  }
}
