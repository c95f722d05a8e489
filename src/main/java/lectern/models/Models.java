package lectern.models;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.llm.ModelSpec;
import lectern.llm.Offer.Availability;
import lectern.llm.Prices.Price;
import lectern.llm.Prices.Tier;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;
import org.jspecify.annotations.Nullable;

/** What readers and administrators are told of models. Pure. */
final class Models {
  /** Providers that are asked without a key. */
  private static final Set<String> KEYLESS = Set.of("extracts", "local");

  private Models() {}

  static boolean needsKey(String provider) {
    return !KEYLESS.contains(provider);
  }

  /** A model of this server for somebody who has or has not a key of their own for it. */
  static Model model(Entry entry, boolean ownKey) {
    String reason = entry.offer().unavailableReason(ownKey);
    List<KeyMode> modes = reason == null ? keyModes(entry, ownKey) : List.of();
    return model(
        entry.known().id(), entry.spec(), null, modes, entry.known().fallbackModelId(), reason);
  }

  /** A model of a reader's own server, which nobody else is asked with a key for. */
  static Model model(Own own) {
    return model(
        own.id(),
        own.spec(),
        own.connection(),
        List.of(KeyMode.AUTO, KeyMode.BYOK_ONLY),
        null,
        null);
  }

  private static Model model(
      UUID id,
      ModelSpec spec,
      Model.@Nullable Place connection,
      List<KeyMode> modes,
      @Nullable UUID fallback,
      @Nullable String reason) {
    return new Model(
        id,
        spec.provider(),
        spec.modelName(),
        spec.displayName(),
        connection,
        spec.maxContextTokens(),
        spec.maxOutputTokens(),
        spec.capabilities(),
        today(spec),
        modes,
        fallback,
        reason == null,
        reason);
  }

  private static List<KeyMode> keyModes(Entry entry, boolean ownKey) {
    if (!needsKey(entry.spec().provider())) {
      return List.of(KeyMode.values());
    }
    boolean platform = entry.availability() == Availability.READY;
    return Stream.of(KeyMode.values())
        .filter(
            mode ->
                switch (mode) {
                  case AUTO -> true;
                  case BYOK_ONLY -> ownKey;
                  case PLATFORM_ONLY -> platform;
                })
        .toList();
  }

  static AdminModel adminModel(Entry entry) {
    ModelStore.Known known = entry.known();
    List<String> set =
        Stream.of(
                known.setDisplayName() == null ? "" : "display_name",
                known.setMaxContextTokens() == null ? "" : "max_context_tokens",
                known.setMaxOutputTokens() == null ? "" : "max_output_tokens",
                known.setPrices() == null ? "" : "prices")
            .filter(name -> !name.isEmpty())
            .toList();
    ModelSpec spec = entry.spec();
    return new AdminModel(
        known.id(),
        spec.provider(),
        spec.modelName(),
        spec.displayName(),
        spec.maxContextTokens(),
        spec.maxOutputTokens(),
        today(spec),
        known.hidden(),
        known.added(),
        set,
        known.fallbackModelId(),
        entry.availability() != Availability.OFF);
  }

  private static List<Tier> today(ModelSpec spec) {
    return spec.prices().on(LocalDate.now(ZoneOffset.UTC)).map(Price::tiers).orElse(List.of());
  }
}
