package lectern;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lectern.conversation.SendLimits;
import lectern.db.DatabaseSettings;
import lectern.gateway.GatewaySettings;
import lectern.http.ApiSettings;
import lectern.identity.IdentitySettings;
import lectern.keys.KeysSettings;
import lectern.keys.SealingKey;
import lectern.library.LibrarySettings;
import lectern.llm.Dialect;
import lectern.llm.LlmSettings;
import lectern.llm.Patience;
import lectern.llm.Secret;

/** What each part is told of the configuration: its own settings, in its own words. */
final class Wiring {
  private Wiring() {}

  static DatabaseSettings database(Config config) {
    return new DatabaseSettings(
        config.home(), config.database().url(), config.database().poolSize());
  }

  static ApiSettings api(Config config) {
    return new ApiSettings(config.api().host(), config.api().port(), ApiSettings.QUIET);
  }

  static GatewaySettings gateway(Config config, int apiPort) {
    Config.Gateway gateway = config.gateway();
    URI api = gateway.apiUrl().orElseGet(() -> URI.create("http://127.0.0.1:" + apiPort));
    return new GatewaySettings(
        gateway.host(), gateway.port(), gateway.publicUrl(), api, config.limits().uploadBytes());
  }

  static IdentitySettings identity(Config config) {
    return new IdentitySettings(
        config.accounts().registration(),
        config.accounts().invitationCode(),
        masterKeys(config).getFirst().derive("bearer tokens"));
  }

  static KeysSettings keys(Config config) {
    return new KeysSettings(
        masterKeys(config).stream().map(Wiring::sealing).toList(), config.allowPrivateAddresses());
  }

  private static SealingKey sealing(MasterKey key) {
    return new SealingKey(key.derive("provider keys"), key.derive("mark of provider keys"));
  }

  /** The newest first. */
  private static List<MasterKey> masterKeys(Config config) {
    List<MasterKey> set = config.masterKeys();
    return set.isEmpty() ? MasterKey.keptIn(config.home()) : set;
  }

  static LibrarySettings library(Config config) {
    LibrarySettings usual = LibrarySettings.DEFAULT;
    return new LibrarySettings(
        config.limits().uploadBytes(), usual.workers(), usual.sweep(), usual.patience());
  }

  static SendLimits sendLimits(Config config) {
    return new SendLimits(
        config.limits().sendsPerMinute(),
        config.limits().sendsInFlight(),
        config.limits().platformTokensPerDay());
  }

  static LlmSettings llm(Config config) {
    Config.Models models = config.models();
    return new LlmSettings(
        Map.of("openai", openai(models), "anthropic", anthropic(models), "gemini", gemini(models)),
        new LlmSettings.Local(
            models.detectLocal(),
            models.localAddresses(),
            Set.copyOf(List.of(config.gateway().port(), config.api().port()))));
  }

  private static LlmSettings.Provider openai(Config.Models models) {
    URI url = models.openai().baseUrl();
    Dialect dialect = models.wires().openai().orElseGet(() -> LlmSettings.openAi(url));
    return provider(models.openai(), dialect);
  }

  private static LlmSettings.Provider anthropic(Config.Models models) {
    LlmSettings.Provider usual = provider(models.anthropic(), Dialect.ANTHROPIC);
    return new LlmSettings.Provider(
        usual.baseUrl(),
        usual.key(),
        usual.enabled(),
        usual.patience(),
        usual.dialect(),
        models.wires().anthropicKeyHeader().orElse(usual.keyHeader()),
        models.wires().anthropicVersion().orElse(usual.version()));
  }

  private static LlmSettings.Provider gemini(Config.Models models) {
    return provider(models.gemini(), models.wires().gemini().orElse(Dialect.GEMINI));
  }

  private static LlmSettings.Provider provider(Config.Provider provider, Dialect dialect) {
    return new LlmSettings.Provider(
        provider.baseUrl(),
        provider.apiKey().map(Secret::new).orElse(null),
        provider.enabled(),
        Patience.HOSTED,
        dialect);
  }
}
