package lectern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lectern.identity.Registration;
import lectern.telemetry.LogFormat;
import lectern.telemetry.LogLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final Map<String, String> OUTSIDE =
      Map.of("LECTERN_DATABASE_URL", "postgresql://me:hunter2@db/lectern");

  @TempDir Path directory;

  @Test
  void nothing_set_means_a_private_server_on_its_own_database() {
    Config config = read(Map.of());

    assertThat(config.home()).isEqualTo(Path.of(System.getProperty("user.home"), ".lectern"));
    assertThat(config.roles()).isEqualTo(Set.of(Role.values()));
    assertThat(config.gateway())
        .isEqualTo(new Config.Gateway("127.0.0.1", 8080, Optional.empty(), Optional.empty()));
    assertThat(config.api()).isEqualTo(new Config.Api("127.0.0.1", 8081));
    assertThat(config.database()).isEqualTo(new Config.Database(Optional.empty(), 8));
    assertThat(config.masterKeys()).isEmpty();
    assertThat(config.accounts())
        .isEqualTo(new Config.Accounts(Registration.CLOSED, Optional.empty()));
    assertThat(config.models().openai()).isEqualTo(provider("https://api.openai.com/v1"));
    assertThat(config.models().anthropic()).isEqualTo(provider("https://api.anthropic.com"));
    assertThat(config.models().gemini())
        .isEqualTo(provider("https://generativelanguage.googleapis.com"));
    assertThat(config.models().detectLocal()).isTrue();
    assertThat(config.models().localAddresses())
        .containsExactly(
            URI.create("http://127.0.0.1:11434/v1"),
            URI.create("http://127.0.0.1:1234/v1"),
            URI.create("http://127.0.0.1:8000/v1"));
    assertThat(config.limits()).isEqualTo(new Config.Limits(20, 3, 100_000, 100L << 20));
    assertThat(config.allowPrivateAddresses()).isFalse();
    assertThat(config.log()).isEqualTo(new Config.Log(LogLevel.INFO, LogFormat.AUTO));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void the_file_in_conf_shows_every_setting_with_its_default_its_names_and_a_sentence()
      throws IOException {
    assertThat(Path.of("conf/lectern.yaml")).hasContent(shown());
  }

  @Test
  void the_file_in_conf_changes_nothing() {
    assertThat(read(Map.of("LECTERN_CONFIG", "conf/lectern.yaml"))).isEqualTo(read(Map.of()));
  }

  @Test
  void the_command_line_wins_over_the_environment_and_that_over_the_file() throws IOException {
    String file = file("gateway:\n  port: 1\n  host: '::1'\napi: {port: 2}\n");
    Map<String, String> environment =
        Map.of("LECTERN_PORT", "11", "LECTERN_API_PORT", "12", "LECTERN_HOST", "");

    Config config = read(environment, "--config", file, "--port", "21");

    assertThat(config.gateway().port()).isEqualTo(21);
    assertThat(config.api().port()).isEqualTo(12);
    assertThat(config.gateway().host()).as("an empty variable is unset").isEqualTo("::1");
  }

  @Test
  void lists_in_the_file_are_lists_or_words_with_commas() throws IOException {
    String file = file("roles: [gateway, api]\nlimits: {upload: 2GB}\n");
    Config config = read(Map.of(), "--config=" + file);
    assertThat(config.roles()).containsExactlyInAnyOrder(Role.API, Role.GATEWAY);
    assertThat(config.limits().uploadBytes()).isEqualTo(2L << 30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LECTERN_PORT             | eighty        | LECTERN_PORT: 'eighty' is not a whole number. A value that works: 8080
          LECTERN_API_PORT         | 70000         | LECTERN_API_PORT: '70000' is not between 0 and 65535. A value that works: 8080
          LECTERN_ROLES            | api,cook      | LECTERN_ROLES: 'api,cook' is none of gateway, api, bridge, identity, library, conversation, search, llm, janitor. A value that works: gateway,api
          LECTERN_ROLES            | ,             | LECTERN_ROLES: ',' names no role. A value that works: gateway,api
          LECTERN_PUBLIC_URL       | read.example  | LECTERN_PUBLIC_URL: 'read.example' is not an http or https address. A value that works: https://read.example.org
          ENABLE_OPENAI            | maybe         | ENABLE_OPENAI: 'maybe' is neither true nor false. A value that works: true
          LECTERN_UPLOAD_LIMIT     | huge          | LECTERN_UPLOAD_LIMIT: 'huge' is not a whole number. A value that works: 100MB
          LECTERN_REGISTRATION     | sometimes     | LECTERN_REGISTRATION: 'sometimes' is none of closed, open, invitation. A value that works: invitation
          LECTERN_REGISTRATION     | invitation    | LECTERN_INVITATION_CODE: it must be set when registration is by invitation. A value that works: a dozen letters that cannot be guessed
          LECTERN_API_PORT         | 8080          | LECTERN_API_PORT: it is the gateway's port, 8080, too. A value that works: 8081
          """)
  void a_bad_value_names_the_setting_the_problem_and_a_value_that_works(
      String name, String value, String sentence) {
    assertThatThrownBy(() -> read(Map.of(name, value)))
        .isInstanceOf(BadSetting.class)
        .hasMessage(sentence);
  }

  @Test
  void a_bad_secret_is_not_repeated() {
    Map<String, String> environment = Map.of("LECTERN_KEY_ENCRYPTION_KEY", "hunter2");
    assertThatThrownBy(() -> read(environment))
        .isInstanceOf(BadSetting.class)
        .hasMessageStartingWith(
            "LECTERN_KEY_ENCRYPTION_KEY: its value is not the base64 form of 32 bytes")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void master_keys_are_the_newest_and_then_the_older_ones() {
    String other =
        Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
    Map<String, String> environment =
        Map.of(
            "LECTERN_KEY_ENCRYPTION_KEY",
            other,
            "LECTERN_KEY_ENCRYPTION_KEYS_OLD",
            KEY + ", " + other);
    assertThat(read(environment).masterKeys())
        .containsExactly(
            new MasterKey(Base64.getDecoder().decode(other)), new MasterKey(new byte[32]));
    assertThatThrownBy(() -> read(Map.of("LECTERN_KEY_ENCRYPTION_KEYS_OLD", KEY)))
        .isInstanceOf(BadSetting.class)
        .hasMessageStartingWith("LECTERN_KEY_ENCRYPTION_KEY: it must be set when")
        .hasMessageNotContaining(KEY);
    Map<String, String> torn =
        Map.of(
            "LECTERN_KEY_ENCRYPTION_KEY", KEY, "LECTERN_KEY_ENCRYPTION_KEYS_OLD", KEY + ",hunter2");
    assertThatThrownBy(() -> read(torn))
        .isInstanceOf(BadSetting.class)
        .hasMessageStartingWith("LECTERN_KEY_ENCRYPTION_KEYS_OLD: its value is not the base64 form")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void an_outside_database_without_a_master_key_is_refused() {
    assertThatThrownBy(() -> read(OUTSIDE))
        .isInstanceOf(BadSetting.class)
        .hasMessageStartingWith("LECTERN_KEY_ENCRYPTION_KEY: it must be set when")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void no_secret_is_printed_with_the_config() {
    Map<String, String> environment =
        Map.of(
            "LECTERN_DATABASE_URL", "postgresql://me:hunter2@db/lectern",
            "LECTERN_KEY_ENCRYPTION_KEY", KEY,
            "LECTERN_INVITATION_CODE", "hunter2",
            "GEMINI_API_KEY", "hunter2");
    assertThat(read(environment).toString()).doesNotContain("hunter2").doesNotContain(KEY);
  }

  @Test
  void variables_that_are_no_settings_are_warned_about() {
    Map<String, String> environment = Map.of("LECTERN_PROT", "1", "HOME", "/", "OPENAI_ORG", "x");
    assertThat(read(environment).warnings())
        .containsExactly("The environment variable LECTERN_PROT is no setting and is ignored.");
  }

  @Test
  void a_file_with_an_unknown_name_or_bad_yaml_is_refused() throws IOException {
    String unknown = file("gateway: {prot: 1}");
    assertThatThrownBy(() -> read(Map.of(), "--config", unknown))
        .hasMessageContaining("there is no setting gateway.prot");
    String broken = file("gateway: {port: 1");
    assertThatThrownBy(() -> read(Map.of(), "--config", broken))
        .hasMessageContaining("is not YAML near line 1");
    assertThatThrownBy(() -> read(Map.of(), "--config", "/nowhere.yaml"))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void options_are_checked_and_secrets_have_none() {
    assertThatThrownBy(() -> read(Map.of(), "--prot", "1"))
        .hasMessageStartingWith("There is no option --prot; --help lists them.");
    assertThatThrownBy(() -> read(Map.of(), "--port")).hasMessageContaining("needs a value");
    assertThatThrownBy(() -> read(Map.of(), "--openai-api-key", "x"))
        .hasMessageStartingWith("There is no option --openai-api-key");
    assertThat(CommandLine.parse(List.of("--help")).help()).isTrue();
    assertThat(CommandLine.parse(List.of("--", "--version")).version()).isTrue();
    assertThat(CommandLine.page()).contains("--port [LECTERN_PORT] (8080)");
  }

  @Test
  void a_kept_master_key_stays_the_same_and_is_its_owners_alone() throws IOException {
    MasterKey first = MasterKey.keptIn(directory.resolve("home")).getFirst();
    assertThat(MasterKey.keptIn(directory.resolve("home"))).containsExactly(first);
    assertThat(first.derive("tokens")).hasSize(32).isNotEqualTo(first.derive("cookies"));
    Path file = directory.resolve("home").resolve(MasterKey.FILE);
    assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
    Files.writeString(file, KEY + "\n" + Files.readString(file) + "\n");
    assertThat(MasterKey.keptIn(directory.resolve("home")))
        .containsExactly(new MasterKey(new byte[32]), first);
    Files.writeString(file, "torn");
    assertThatThrownBy(() -> MasterKey.keptIn(directory.resolve("home")))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("is not the base64 form of 32 bytes");
  }

  private static Config read(Map<String, String> environment, String... words) {
    return Config.read(CommandLine.parse(Arrays.asList(words)), environment);
  }

  private static Config.Provider provider(String address) {
    return new Config.Provider(true, Optional.empty(), URI.create(address));
  }

  private String file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "conf", ".yaml"), text).toString();
  }

  private static String shown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Every setting of Lectern with its default; a name without a value is unset.
            # Each can stand in a file like this one (--config FILE or LECTERN_CONFIG), in the environment
            # variable in brackets, or on the command line (./mvnw -- --help). The later of the three wins.
            """);
    List<String> open = List.of();
    for (Setting<?> setting : Settings.all()) {
      List<String> steps = List.of(setting.path().split("\\."));
      List<String> parents = steps.subList(0, steps.size() - 1);
      if (open.isEmpty() || parents.isEmpty() || !parents.getFirst().equals(open.getFirst())) {
        page.append('\n');
      }
      for (int depth = 0; depth < parents.size(); depth++) {
        if (depth >= open.size()
            || !parents.subList(0, depth + 1).equals(open.subList(0, depth + 1))) {
          page.append("  ".repeat(depth)).append(parents.get(depth)).append(":\n");
        }
      }
      open = parents;
      String indent = "  ".repeat(parents.size());
      page.append(indent).append("# ").append(setting.about());
      page.append(" [").append(setting.environment()).append("]\n");
      page.append(indent).append(steps.getLast()).append(':');
      setting.fallback().ifPresent(text -> page.append(' ').append(text));
      page.append('\n');
    }
    return page.toString();
  }
}
