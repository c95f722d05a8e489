package lectern.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.junit.jupiter.api.Test;

class TurnstileTest {
  private long now = 7;
  private final Turnstile turnstile = new Turnstile(() -> now);
  private final UUID reader = UUID.randomUUID();

  @Test
  void so_many_pass_in_a_minute_and_then_they_are_told_how_long_to_wait() {
    for (int i = 0; i < Turnstile.MOST; i++) {
      turnstile.pass(reader);
      now += Duration.ofSeconds(1).toNanos();
    }
    assertThatThrownBy(() -> turnstile.pass(reader))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(Code.E_RATE_LIMITED);
              assertThat(refusal.details())
                  .containsEntry("retry_after_seconds", 60 - Turnstile.MOST);
            });
    turnstile.pass(UUID.randomUUID());
    now += Duration.ofSeconds(60 - Turnstile.MOST).toNanos();
    turnstile.pass(reader);
  }
}
