package lectern;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lectern.identity.Registration;
import lectern.llm.Dialect;
import lectern.llm.KeyHeader;
import lectern.telemetry.LogFormat;
import lectern.telemetry.LogLevel;

/**
 * Everything that is set, read once at the start: defaults, then the file, then the environment,
 * then the command line. {@code conf/lectern.yaml} shows it all.
 *
 * @param masterKeys the newest first; empty where the data directory keeps them
 * @param allowPrivateAddresses whether readers may bring in pages of private networks
 * @param warnings sentences for the log about what was set in vain
 */
record Config(
    Path home,
    Set<Role> roles,
    Gateway gateway,
    Api api,
    Database database,
    List<MasterKey> masterKeys,
    Accounts accounts,
    Models models,
    Limits limits,
    boolean allowPrivateAddresses,
    Log log,
    List<String> warnings) {

  Config {
    roles = Set.copyOf(roles);
    masterKeys = List.copyOf(masterKeys);
    warnings = List.copyOf(warnings);
  }

  record Gateway(String host, int port, Optional<URI> publicUrl, Optional<URI> apiUrl) {}

  record Api(String host, int port) {}

  /** {@code url} absent: the embedded database. */
  record Database(Optional<URI> url, int poolSize) {
    @Override
    public String toString() {
      return "Database[" + (url.isPresent() ? "outside" : "embedded") + ", " + poolSize + "]";
    }
  }

  record Accounts(Registration registration, Optional<String> invitationCode) {
    @Override
    public String toString() {
      return "Accounts[" + registration + "]";
    }
  }

  record Models(
      Provider openai,
      Provider anthropic,
      Provider gemini,
      Wires wires,
      boolean detectLocal,
      List<URI> localAddresses) {}

  record Provider(boolean enabled, Optional<String> apiKey, URI baseUrl) {
    @Override
    public String toString() {
      String key = apiKey.isPresent() ? "with key" : "without key";
      return "Provider[" + enabled + ", " + key + ", " + baseUrl + "]";
    }
  }

  /** How providers are spoken to where it is not as usual. */
  record Wires(
      Optional<Dialect> openai,
      Optional<KeyHeader> anthropicKeyHeader,
      Optional<String> anthropicVersion,
      Optional<Dialect> gemini) {}

  /** {@code uploadBytes} bounds one file. */
  record Limits(
      int sendsPerMinute, int sendsInFlight, int platformTokensPerDay, long uploadBytes) {}

  record Log(LogLevel level, LogFormat format) {}

  /** Throws {@link BadSetting} at the first value that cannot be used. */
  static Config read(CommandLine line, Map<String, String> environment) {
    Sources from = Sources.of(line, environment);
    Config config =
        new Config(
            from.get(Settings.HOME),
            from.get(Settings.ROLES),
            gateway(from),
            new Api(from.get(Settings.API_HOST), from.get(Settings.API_PORT)),
            new Database(from.find(Settings.DATABASE_URL), from.get(Settings.DATABASE_POOL_SIZE)),
            masterKeys(from),
            new Accounts(from.get(Settings.REGISTRATION), from.find(Settings.INVITATION_CODE)),
            models(from),
            limits(from),
            from.get(Settings.ALLOW_PRIVATE_ADDRESSES),
            new Log(from.get(Settings.LOG_LEVEL), from.get(Settings.LOG_FORMAT)),
            from.warnings());
    config.check();
    return config;
  }

  private void check() {
    if (database.url.isPresent() && masterKeys.isEmpty()) {
      throw BadSetting.of(
          Settings.KEY_ENCRYPTION_KEY.environment(),
          "it must be set when LECTERN_DATABASE_URL is: what the database holds is sealed with it,"
              + " and every node needs the same one",
          Kind.KEY.example());
    }
    if (accounts.registration == Registration.INVITATION && accounts.invitationCode.isEmpty()) {
      throw BadSetting.of(
          Settings.INVITATION_CODE.environment(),
          "it must be set when registration is by invitation",
          "a dozen letters that cannot be guessed");
    }
    if (gateway.port != 0 && gateway.port == api.port) {
      throw BadSetting.of(
          Settings.API_PORT.environment(),
          "it is the gateway's port, " + api.port + ", too",
          "8081");
    }
  }

  private static List<MasterKey> masterKeys(Sources from) {
    Optional<MasterKey> newest = from.find(Settings.KEY_ENCRYPTION_KEY).map(MasterKey::new);
    List<MasterKey> older =
        from.find(Settings.OLD_KEY_ENCRYPTION_KEYS).orElse(List.of()).stream()
            .map(MasterKey::new)
            .toList();
    if (newest.isEmpty() && !older.isEmpty()) {
      throw BadSetting.of(
          Settings.KEY_ENCRYPTION_KEY.environment(),
          "it must be set when LECTERN_KEY_ENCRYPTION_KEYS_OLD is: it is the one that seals",
          Kind.KEY.example());
    }
    return Stream.concat(newest.stream(), older.stream()).distinct().toList();
  }

  private static Gateway gateway(Sources from) {
    return new Gateway(
        from.get(Settings.HOST),
        from.get(Settings.PORT),
        from.find(Settings.PUBLIC_URL),
        from.find(Settings.API_URL));
  }

  private static Models models(Sources from) {
    return new Models(
        provider(from, Settings.OPENAI),
        provider(from, Settings.ANTHROPIC),
        provider(from, Settings.GEMINI),
        new Wires(
            from.find(Settings.OPENAI_DIALECT),
            from.find(Settings.ANTHROPIC_KEY_HEADER),
            from.find(Settings.ANTHROPIC_VERSION),
            from.find(Settings.GEMINI_DIALECT)),
        from.get(Settings.LOCAL_MODELS),
        from.get(Settings.LOCAL_MODEL_ADDRESSES));
  }

  private static Provider provider(Sources from, Settings.Provider settings) {
    return new Provider(
        from.get(settings.enabled()), from.find(settings.apiKey()), from.get(settings.baseUrl()));
  }

  private static Limits limits(Sources from) {
    return new Limits(
        from.get(Settings.SENDS_PER_MINUTE),
        from.get(Settings.SENDS_IN_FLIGHT),
        from.get(Settings.PLATFORM_TOKENS_PER_DAY),
        from.get(Settings.UPLOAD_LIMIT));
  }
}
