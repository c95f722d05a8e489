package lectern.llm;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a connection to a provider does, as one event loop of model callers has seen it.
 *
 * @param own whether the key or the server is a reader's own
 * @param baseUrl where it is asked; null where that is a reader's own affair
 * @param standing of the connection: its address and its key
 * @param models those that were asked there
 */
public record ProviderHealth(
    String provider,
    boolean own,
    @Nullable URI baseUrl,
    Standing standing,
    List<ModelHealth> models) {

  public ProviderHealth {
    models = List.copyOf(models);
  }

  /** How one model of a connection does. */
  public record ModelHealth(String modelName, Standing standing) {}

  /**
   * What a breaker says of what it guards.
   *
   * @param id what {@link Reset} takes
   * @param state closed, open or half_open
   * @param since when it came to that state, or null when it was never in another
   * @param reason the class of failure that opened it, or null
   * @param attempts calls that ended within five minutes
   * @param failures how many of them failed by the provider's fault
   * @param nextProbeAt when a question may find out again, or null
   */
  public record Standing(
      UUID id,
      String state,
      @Nullable OffsetDateTime since,
      @Nullable String reason,
      @Nullable OffsetDateTime lastSuccessAt,
      @Nullable OffsetDateTime lastFailureAt,
      int attempts,
      int failures,
      @Nullable OffsetDateTime nextProbeAt) {

    static Standing of(UUID id, Breaker.Stand stand) {
      LlmFailure.Kind reason = stand.reason();
      return new Standing(
          id,
          stand.state().word(),
          time(stand.since()),
          reason == null ? null : reason.word(),
          time(stand.lastSuccess()),
          time(stand.lastFailure()),
          stand.calls(),
          stand.failures(),
          time(stand.nextProbe()));
    }

    private static @Nullable OffsetDateTime time(@Nullable Long millis) {
      return millis == null ? null : Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
  }

  /** Asks for all connections, those in trouble first, at most {@value #MOST}. */
  public record Ask() {
    static final int MOST = 200;
  }

  public record All(List<ProviderHealth> providers) {
    public All {
      providers = List.copyOf(providers);
    }
  }

  /** Somebody says that what opened this breaker is mended; refuses what is not known. */
  public record Reset(UUID id) {}
}
