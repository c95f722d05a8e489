package lectern;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lectern.db.DatabaseSettings;
import lectern.identity.Registration;
import lectern.llm.Dialect;
import lectern.llm.KeyHeader;
import lectern.telemetry.LogFormat;
import lectern.telemetry.LogLevel;

/** Everything that can be set: the one list behind the file, the environment and the options. */
final class Settings {
  private static final List<Setting<?>> LISTED = new ArrayList<>();

  static final Setting<Path> HOME =
      setting(
          "home",
          "LECTERN_HOME",
          "~/.lectern",
          Kind.DIRECTORY,
          "The data directory: the embedded database, its password and the master key.");
  static final Setting<Set<Role>> ROLES =
      setting(
          "roles",
          "LECTERN_ROLES",
          "all",
          Kind.ROLES,
          "What this node runs: all, or a list of gateway, api, bridge, identity, library,"
              + " conversation, search, llm, janitor.");

  static final Setting<Integer> PORT =
      setting(
          "gateway.port",
          "LECTERN_PORT",
          "8080",
          Kind.PORT,
          "The port that browsers open; 0 takes a free one.");
  static final Setting<String> HOST =
      setting(
          "gateway.host",
          "LECTERN_HOST",
          "127.0.0.1",
          Kind.WORD,
          "The address the gateway listens on; 0.0.0.0 opens it to the network, where whoever comes"
              + " first to a fresh server becomes its administrator.");
  static final Setting<URI> PUBLIC_URL =
      optional(
          "gateway.public-url",
          "LECTERN_PUBLIC_URL",
          Kind.WEB_ADDRESS,
          "The address browsers use when it is not the gateway's own, as behind a proxy; https here"
              + " makes the session cookie Secure.");
  static final Setting<URI> API_URL =
      optional(
          "gateway.api-url",
          "LECTERN_API_URL",
          Kind.WEB_ADDRESS,
          "Where the gateway finds the API when this node does not run it.");

  static final Setting<Integer> API_PORT =
      setting(
          "api.port",
          "LECTERN_API_PORT",
          "8081",
          Kind.PORT,
          "The port of the API for programs and the gateway; 0 takes a free one.");
  static final Setting<String> API_HOST =
      setting(
          "api.host",
          "LECTERN_API_HOST",
          "127.0.0.1",
          Kind.WORD,
          "The address the API listens on.");

  static final Setting<URI> DATABASE_URL =
      optional(
          "database.url",
          "LECTERN_DATABASE_URL",
          Kind.DATABASE,
          "An outside PostgreSQL, 14 or newer, as"
              + " postgresql://user:password@host:5432/name?sslmode=require; unset, the server runs"
              + " its own.");
  static final Setting<Integer> DATABASE_POOL_SIZE =
      setting(
          "database.pool-size",
          "LECTERN_DATABASE_POOL_SIZE",
          Integer.toString(DatabaseSettings.POOL_SIZE),
          Kind.number(1, 1000, "8"),
          "Connections to the database; about four for each of its cores is fastest, more makes busy"
              + " rows slower.");

  static final Setting<byte[]> KEY_ENCRYPTION_KEY =
      optional(
          "keys.encryption-key",
          "LECTERN_KEY_ENCRYPTION_KEY",
          Kind.KEY,
          "The master key, 32 bytes in base64: it seals stored provider keys and signs tokens. Needed"
              + " with an outside database; otherwise made on the first start.");

  static final Setting<List<byte[]>> OLD_KEY_ENCRYPTION_KEYS =
      optional(
          "keys.old-encryption-keys",
          "LECTERN_KEY_ENCRYPTION_KEYS_OLD",
          Kind.KEYS,
          "Further master keys, with commas between: they open what they sealed and seal nothing."
              + " Until every stored key is sealed anew, the one before belongs here.");

  static final Setting<Registration> REGISTRATION =
      setting(
          "registration.mode",
          "LECTERN_REGISTRATION",
          "closed",
          Kind.choice(Registration.class),
          "Who may make an account once the first one exists: closed (nobody), open (everybody) or"
              + " invitation (who has the code).");
  static final Setting<String> INVITATION_CODE =
      optional(
          "registration.invitation-code",
          "LECTERN_INVITATION_CODE",
          Kind.SECRET,
          "The code that lets people register while registration is by invitation.");

  static final Provider OPENAI = provider("openai", "OpenAI", "https://api.openai.com/v1");
  static final Setting<Dialect> OPENAI_DIALECT =
      optional(
          "providers.openai.dialect",
          "OPENAI_DIALECT",
          Kind.dialect(Dialect.OPENAI_RESPONSES, Dialect.OPENAI_CHAT, Dialect.OPENAI_COMPATIBLE),
          "How it is asked: openai-responses, openai-chat or openai-compatible; unset, Responses at"
              + " OpenAI's own address and the Chat Completions that everybody understands"
              + " elsewhere.");
  static final Provider ANTHROPIC = provider("anthropic", "Anthropic", "https://api.anthropic.com");
  static final Setting<KeyHeader> ANTHROPIC_KEY_HEADER =
      optional(
          "providers.anthropic.key-header",
          "ANTHROPIC_KEY_HEADER",
          Kind.choice(KeyHeader.class),
          "The header that carries its key: x_api_key, which is usual, or authorization.");
  static final Setting<String> ANTHROPIC_VERSION =
      optional(
          "providers.anthropic.version",
          "ANTHROPIC_VERSION",
          Kind.DATE,
          "The anthropic-version to name; unset, 2026-10-21 at Anthropic's own address and"
              + " 2023-06-01 elsewhere.");
  static final Provider GEMINI =
      provider("gemini", "Gemini", "https://generativelanguage.googleapis.com");
  static final Setting<Dialect> GEMINI_DIALECT =
      optional(
          "providers.gemini.dialect",
          "GEMINI_DIALECT",
          Kind.dialect(Dialect.GEMINI, Dialect.GEMINI_INTERACTIONS),
          "How it is asked: gemini, which is streamGenerateContent and usual, or"
              + " gemini-interactions.");

  static final Setting<Boolean> LOCAL_MODELS =
      setting(
          "models.local.detect",
          "LECTERN_LOCAL_MODELS",
          "true",
          Kind.SWITCH,
          "Whether to look for model servers on this machine.");
  static final Setting<List<URI>> LOCAL_MODEL_ADDRESSES =
      setting(
          "models.local.addresses",
          "LECTERN_LOCAL_MODEL_ADDRESSES",
          "http://127.0.0.1:11434/v1,http://127.0.0.1:1234/v1,http://127.0.0.1:8000/v1",
          Kind.WEB_ADDRESSES,
          "Where to look for them: Ollama, LM Studio and vLLM; llama.cpp's own port, 8080, is the"
              + " gateway's.");

  static final Setting<Integer> SENDS_PER_MINUTE =
      setting(
          "limits.sends-per-minute",
          "LECTERN_SENDS_PER_MINUTE",
          "20",
          Kind.number(1, 100_000, "20"),
          "Messages a person may send within a minute.");
  static final Setting<Integer> SENDS_IN_FLIGHT =
      setting(
          "limits.sends-in-flight",
          "LECTERN_SENDS_IN_FLIGHT",
          "3",
          Kind.number(1, 1000, "3"),
          "Answers that may grow for one person at a time.");
  static final Setting<Integer> PLATFORM_TOKENS_PER_DAY =
      setting(
          "limits.platform-tokens-per-day",
          "LECTERN_PLATFORM_TOKENS_PER_DAY",
          "100000",
          Kind.number(0, Integer.MAX_VALUE, "100000"),
          "Tokens a person may use a day with the server's own provider keys.");
  static final Setting<Long> UPLOAD_LIMIT =
      setting(
          "limits.upload",
          "LECTERN_UPLOAD_LIMIT",
          "100MB",
          Kind.BYTES,
          "The largest file that may be uploaded, in bytes or with KB, MB or GB; of an EPUB at most"
              + " 50MB, of a text 16MB.");

  static final Setting<Boolean> ALLOW_PRIVATE_ADDRESSES =
      setting(
          "net.allow-private-addresses",
          "LECTERN_ALLOW_PRIVATE_ADDRESSES",
          "false",
          Kind.SWITCH,
          "Whether pages in networks of one's own, this machine included, and on any port may be"
              + " brought in by their address; then every reader can see what this server sees"
              + " there.");

  static final Setting<LogLevel> LOG_LEVEL =
      setting(
          "log.level",
          "LECTERN_LOG_LEVEL",
          "info",
          Kind.choice(LogLevel.class),
          "The least level that is logged: error, warn, info, debug or trace.");
  static final Setting<LogFormat> LOG_FORMAT =
      setting(
          "log.format",
          "LECTERN_LOG_FORMAT",
          "auto",
          Kind.choice(LogFormat.class),
          "One JSON object a line (json), lines for people (text), or text on a terminal and json"
              + " elsewhere (auto).");

  private Settings() {}

  /** In the order of the file. */
  static List<Setting<?>> all() {
    return List.copyOf(LISTED);
  }

  /** What is set for one provider of models. */
  record Provider(Setting<Boolean> enabled, Setting<String> apiKey, Setting<URI> baseUrl) {}

  private static Provider provider(String id, String name, String address) {
    String environment = id.toUpperCase(Locale.ROOT);
    return new Provider(
        setting(
            "providers." + id + ".enabled",
            "ENABLE_" + environment,
            "true",
            Kind.SWITCH,
            "Whether models of " + name + " are offered."),
        optional(
            "providers." + id + ".api-key",
            environment + "_API_KEY",
            Kind.SECRET,
            "The server's own key for " + name + ", used for people without one."),
        setting(
            "providers." + id + ".base-url",
            environment + "_BASE_URL",
            address,
            Kind.WEB_ADDRESS,
            "Where " + name + " is asked."));
  }

  private static <T> Setting<T> setting(
      String path, String environment, String fallback, Kind<T> kind, String about) {
    return listed(new Setting<>(path, environment, Optional.of(fallback), kind, about));
  }

  private static <T> Setting<T> optional(
      String path, String environment, Kind<T> kind, String about) {
    return listed(new Setting<>(path, environment, Optional.empty(), kind, about));
  }

  private static <T> Setting<T> listed(Setting<T> setting) {
    LISTED.add(setting);
    return setting;
  }
}
